// A reply's text as something to scan: headings, papers to tick, a fee table, the source.
// The text is the whole answer; what it is recognised by only changes how it looks, never what it says.

import { el, linked, pointwise } from "./dom";
import { coveredByFees, feeTable } from "./fees";
import { Words } from "./i18n";
import { Desk, deskOf } from "./place";
import { Reply, titles } from "./reply";

const LONG_NAME = 90; // characters of an official name that would fill half a phone as a heading
const ENDLESS_NAME = 180; // … and does so in small letters as well

export interface Ticks {
  ticked: readonly number[];
  toggle: (place: number, on: boolean) => void;
}

export function answerBody(reply: Reply, words: Words, level: number, ticks: Ticks, desk: Desk): HTMLElement {
  const body = el("div", { class: "body", lang: "vi" });
  const blocks = withoutOptions(reply).split("\n\n");
  const renderer = new Renderer(reply, words, level, ticks, desk);
  blocks.forEach((block, place) => body.append(...renderer.block(block, place)));
  return body;
}

/** The options of a question back stand in the buttons: in the text they would come twice. */
function withoutOptions(reply: Reply): string {
  if (reply.outcome !== "clarify") return reply.text;
  const titles = new Set(reply.buttons.map((button) => button.title));
  const lines = reply.text.split("\n");
  return lines.filter((line) => !titles.has(line.replace(/^\d+\. /, ""))).join("\n");
}

class Renderer {
  private papers = 0;
  private readonly name: string | undefined;
  private readonly titles: string[];

  constructor(
    private readonly reply: Reply,
    private readonly words: Words,
    private readonly level: number,
    private readonly ticks: Ticks,
    private readonly desk: Desk,
  ) {
    this.name = reply.outcome === "answer" ? reply.procedures[0]?.name : undefined;
    this.titles = titles(reply);
  }

  block(block: string, place: number): HTMLElement[] {
    if (place === 0 && this.name && block.startsWith(this.name)) return this.title(block, this.name);
    if (this.reply.sources.some((source) => block.includes(source.url))) return [this.source(block)];
    if (place === 0 && this.reply.card.kind === "plan") return this.planTitle(block);
    const title = this.titles.find((one) => block.startsWith(`${one}:`));
    if (title) return this.section(title, block.slice(title.length + 1));
    const lines = block.split("\n");
    const first = lines[0] as string;
    if (!this.name || lines.length < 2 || !first.endsWith(":")) return this.lines(lines);
    return [this.heading(1, first.slice(0, -1)), ...this.lines(lines.slice(1))];
  }

  /** "Phí, lệ phí: từ 5.000 đồng …" and lines below: the direct answer stands out under its heading. */
  private section(title: string, text: string): HTMLElement[] {
    const [first = "", ...rest] = text.split("\n");
    const lead = first.trim();
    const made = lead ? [el("p", { class: "lead" }, ...linked(lead, (url) => this.nameOf(url)))] : [];
    const { place } = this.reply.card;
    const desk = place?.title === title ? deskOf(place, this.desk, this.words) : [];
    return [this.heading(1, title), ...made, ...this.lines(rest), ...desk];
  }

  private planTitle(block: string): HTMLElement[] {
    const [title = "", ...rest] = block.split("\n");
    return [this.heading(0, title), ...this.lines(rest)];
  }

  private heading(below: number, text: string): HTMLElement {
    return el(`h${this.level + below}` as "h3", {}, text);
  }

  private title(block: string, name: string): HTMLElement[] {
    const code = this.reply.procedures[0]?.code ?? "";
    const rest = block.slice(name.length).trim().replace(`(mã ${code})`, "").trim();
    const heading = this.heading(0, name);
    if (name.length > LONG_NAME) heading.className = "long-name";
    const codeLine = el("p", { class: "soft" }, this.words.code, code);
    const more = name.length > ENDLESS_NAME ? [this.wholeName(heading)] : [];
    return [heading, ...more, codeLine, ...(rest ? [el("p", {}, rest)] : [])];
  }

  /** The first lines of an endless name, and a button for the rest: the answer itself must be in sight. */
  private wholeName(heading: HTMLElement): HTMLElement {
    heading.classList.add("clamped");
    heading.tabIndex = -1; // the focus has to go somewhere when the button is gone
    const button = el("button", { type: "button", class: "tool more", click: () => {
      heading.classList.remove("clamped");
      heading.focus();
      button.remove();
    } }, this.words.wholeName);
    return button;
  }

  private source(block: string): HTMLElement {
    return el("p", { class: "source" }, ...linked(block, (url) => this.nameOf(url)));
  }

  private nameOf(url: URL): string {
    return url.hostname === "dichvucong.gov.vn" ? this.words.source : url.hostname;
  }

  private lines(lines: string[]): HTMLElement[] {
    const fees = this.reply.card.fee?.fees ?? [];
    const inTable = new Set(lines.filter((line) => coveredByFees(line, fees)));
    const made: HTMLElement[] = [];
    let list: HTMLElement | null = null;
    for (const line of lines) {
      if (inTable.has(line)) {
        if (!made.some((one) => one.tagName === "TABLE")) made.push(feeTable(fees, this.words));
        continue;
      }
      const item = this.item(line);
      if (item.tagName !== "LI") {
        list = null;
        made.push(item);
        continue;
      }
      if (!list || list.className !== item.dataset.list) {
        list = el("ul", { class: item.dataset.list ?? "", role: "list" });
        made.push(list);
      }
      list.append(item);
    }
    return made;
  }

  private item(line: string): HTMLElement {
    if (line.startsWith("☐ ")) return this.paper(line.slice(2));
    if (this.reply.card.kind === "plan" && /^\d+\. /.test(line)) return this.heading(1, line);
    if (line.startsWith("- ")) return el("li", { "data-list": "points" }, ...this.labelled(line.slice(2)));
    const note = /^(Trường hợp|Lưu ý): /.exec(line);
    if (note) return el("p", { class: note[1] === "Lưu ý" ? "note" : "case" }, pointwise(line));
    return el("p", /^(Bước \d+|\d+\.)/.test(line) ? { class: "step" } : {}, ...this.labelled(line));
  }

  private paper(text: string): HTMLElement {
    const place = this.papers++;
    const box = el("input", {
      type: "checkbox",
      change: (event) => this.ticks.toggle(place, (event.target as HTMLInputElement).checked),
    });
    box.checked = this.ticks.ticked.includes(place);
    return el("li", { "data-list": "papers" }, el("label", {}, box, el("span", {}, pointwise(text))));
  }

  /** "Thời hạn: 3 ngày" with its label in bold, addresses as links. */
  private labelled(text: string): (Node | string)[] {
    const label = /^[^:()]{2,40}:(?= )/.exec(text)?.[0] ?? "";
    const rest = linked(pointwise(text.slice(label.length)), (url) => this.nameOf(url)) as (Node | string)[];
    return label ? [el("b", {}, label), ...rest] : rest;
  }
}
