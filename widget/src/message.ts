// One entry of the conversation as an element.

import { answerBody } from "./answer";
import { el, icon } from "./dom";
import { Words } from "./i18n";
import { Desk } from "./place";
import { Button } from "./reply";
import { Entry, Mine, Theirs } from "./store";

/** What a citizen can do with a message; the panel does it. */
export interface Deeds {
  ask(text: string, shown: string): void;
  sendAgain(id: string): void;
  tick(id: string, place: number, on: boolean): void;
  judge(id: string, verdict: "useful" | "wrong"): void;
  copy(entry: Theirs): void;
  print(entry: Theirs): void;
  share(entry: Theirs): void;
  listen(entry: Theirs): void;
}

const ICONS = {
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  print: "M7 8V3h10v5M7 17H4V9h16v8h-3M7 14h10v7H7z",
  share: "M12 15V3m-4 4 4-4 4 4M5 12v8h14v-8",
  listen: "M4 9v6h4l5 4V5L8 9zM16 9a4 4 0 0 1 0 6M18.5 6.500a8 8 0 0 1 0 11",
  useful: "M7 11v9H4v-9zm0 0 4-8c2 0 2.500 1.500 2 3l-.7 3H19c1.300 0 2 1 1.700 2.200l-1.500 7c-.2 1-1 1.800-2 1.800H7",
  wrong: "M17 13V4h3v9zm0 0-4 8c-2 0-2.500-1.500-2-3l.7-3H5c-1.300 0-2-1-1.700-2.200l1.500-7C5 4.800 5.800 4 6.800 4H17",
};

/** What of an entry can change: its element is brought up to date when this does. */
export function versionOf(entry: Entry): string {
  return entry.from === "me" ? entry.state : (entry.judged ?? "");
}

export class MessageMaker {
  constructor(
    private readonly words: Words,
    private readonly level: number,
    private readonly deeds: Deeds,
    private readonly desk: Desk,
  ) {}

  make(entry: Entry): HTMLLIElement {
    const content = entry.from === "me" ? this.mine(entry) : this.theirs(entry);
    const who = el("span", { class: "who" }, this.speaker(entry));
    return el("li", { class: `message ${entry.from}`, "data-id": entry.id }, who, ...content);
  }

  /** In place and as little as needed: what is put in anew, a screen reader reads out anew. */
  update(element: HTMLElement, entry: Entry): void {
    if (entry.from !== "me") {
      for (const verdict of ["useful", "wrong"] as const) {
        element.querySelector(`.${verdict}`)?.setAttribute("aria-pressed", String(entry.judged === verdict));
      }
      return;
    }
    element.querySelectorAll(".state, .choice").forEach((one) => one.remove());
    element.append(...this.stateOf(entry));
  }

  greeting(text: string, questions: string[]): HTMLLIElement {
    const buttons = questions.map((question) => ({ title: question, payload: question }));
    const who = el("span", { class: "who" }, this.words.bot);
    return el("li", { class: "message bot greeting" }, who, el("p", {}, text), this.buttons(buttons));
  }

  private speaker(entry: Entry): string {
    if (entry.from === "staff") return `${entry.author || this.words.staff}: `;
    return { me: this.words.me, bot: this.words.bot, notice: this.words.notice }[entry.from];
  }

  private mine(entry: Mine): Node[] {
    return [el("span", { class: "text" }, entry.shown), ...this.stateOf(entry)];
  }

  private stateOf(entry: Mine): Node[] {
    if (entry.state === "answered") return entry.receipt ? [el("span", { class: "state" }, entry.receipt)] : [];
    if (entry.state === "waiting") return [el("span", { class: "state" }, this.words.queued)];
    const again = this.button(this.words.again, () => this.deeds.sendAgain(entry.id));
    return [el("span", { class: "state error" }, this.words.notSent + (entry.error ?? "")), again];
  }

  private theirs(entry: Theirs): Node[] {
    const body = answerBody(entry.reply, this.words, this.level, {
      ticked: entry.ticked ?? [],
      toggle: (place, on) => this.deeds.tick(entry.id, place, on),
    }, this.desk);
    const made: Node[] = [body];
    if (entry.reply.outcome === "answer") made.push(this.tools(entry));
    if (entry.reply.buttons.length) made.push(this.buttons(entry.reply.buttons, entry.reply.outcome === "clarify"));
    return made;
  }

  private tools(entry: Theirs): HTMLElement {
    const { deeds, words } = this;
    const tools = el("div", { class: "tools" },
      this.tool("copy", words.copy, () => deeds.copy(entry)),
      this.tool("print", words.print, () => deeds.print(entry)),
      this.tool("share", words.share, () => deeds.share(entry)),
      this.tool("listen", words.listen, () => deeds.listen(entry)),
    );
    if (entry.reply.card.feedback) {
      for (const verdict of ["useful", "wrong"] as const) {
        const tool = this.tool(verdict, words[verdict], () => deeds.judge(entry.id, verdict));
        tool.setAttribute("aria-pressed", String(entry.judged === verdict));
        tools.append(tool);
      }
    }
    return tools;
  }

  private tool(name: keyof typeof ICONS, title: string, click: () => void): HTMLButtonElement {
    return el("button", { type: "button", class: `tool ${name}`, click }, icon(ICONS[name]), title);
  }

  private buttons(buttons: Button[], numbered = false): HTMLElement {
    const last = buttons.length - 1; // "none of these" has no number
    return el("div", { class: numbered ? "buttons options" : "buttons" }, ...buttons.map(({ title, payload }, place) => {
      const shown = numbered && place < last ? `${place + 1}. ${title}` : title;
      return this.button(shown, () => this.deeds.ask(payload, title));
    }));
  }

  private button(title: string, click: () => void): HTMLButtonElement {
    return el("button", { type: "button", class: "choice", click }, title);
  }
}
