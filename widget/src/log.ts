// The list of messages: kept in step with the store, read out by screen readers as it grows.

import { el } from "./dom";
import { MessageMaker, versionOf } from "./message";
import { Entry } from "./store";

export class Log {
  readonly element: HTMLElement;
  private readonly list = el("ol", { role: "list" });
  private readonly typing = el("li", { class: "typing", "aria-hidden": "true", hidden: true });
  private atEnd = false;
  private readonly shown = new Map<string, { version: string; element: HTMLElement }>();

  constructor(
    private readonly maker: MessageMaker,
    label: string,
    greeting: HTMLElement,
  ) {
    this.typing.append(el("i"), el("i"), el("i"));
    this.list.append(greeting, this.typing);
    // What was said before the page was loaded is there to read, but not announced anew.
    this.element = el("div", { class: "log", role: "log", "aria-live": "off", "aria-label": label, tabindex: "0" }, this.list);
    this.element.addEventListener("scroll", () => (this.atEnd = this.isAtEnd()));
    // A keyboard or a notice that takes room must not cover the last message.
    new ResizeObserver(() => this.atEnd && this.scrollToEnd()).observe(this.element);
  }

  /** From now on new messages are announced. */
  announce(): void {
    this.element.setAttribute("aria-live", "polite");
  }

  render(entries: readonly Entry[], typing: boolean): void {
    let before = this.list.firstElementChild as Element; // the greeting
    for (const entry of entries) {
      const element = this.elementOf(entry);
      if (before.nextElementSibling !== element) before.after(element);
      before = element;
    }
    const kept = new Set(entries.map((entry) => entry.id));
    for (const [id, { element }] of this.shown) {
      if (kept.has(id)) continue;
      element.remove();
      this.shown.delete(id);
    }
    this.typing.hidden = !typing;
  }

  /** Do what changes the window's parts; who read the end still does afterwards. */
  keepEnd(change: () => void): void {
    const follow = this.atEnd;
    change();
    if (follow) this.scrollToEnd();
  }

  /** Do what changes the size of everything; what was on top is so afterwards. */
  keepPlace(change: () => void): void {
    const { scrollTop } = this.element;
    const all = [...this.list.children] as HTMLElement[];
    const top = all.find((one) => one.offsetTop + one.offsetHeight > scrollTop);
    const share = top ? (scrollTop - top.offsetTop) / top.offsetHeight : 0;
    change();
    if (top) this.element.scrollTop = top.offsetTop + share * top.offsetHeight;
  }

  get(id: string): HTMLElement | undefined {
    return this.shown.get(id)?.element;
  }

  scrollToEnd(): void {
    this.element.scrollTop = this.element.scrollHeight;
    this.atEnd = true;
  }

  /** Show a message from its first line on: answers are longer than a phone is high. */
  scrollTo(id: string): void {
    const element = this.get(id);
    if (element) this.element.scrollTop = element.offsetTop - 8;
    this.atEnd = this.isAtEnd();
  }

  private isAtEnd(): boolean {
    const { scrollHeight, scrollTop, clientHeight } = this.element;
    return scrollHeight - scrollTop - clientHeight < 4;
  }

  private elementOf(entry: Entry): HTMLElement {
    const version = versionOf(entry);
    const known = this.shown.get(entry.id);
    if (!known) {
      const element = this.maker.make(entry);
      this.shown.set(entry.id, { version, element });
      return element;
    }
    if (known.version !== version) this.maker.update(known.element, entry);
    known.version = version;
    return known.element;
  }
}
