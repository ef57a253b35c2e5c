// The options behind one button: text size, voice, start again, privacy.

import { el, icon } from "./dom";
import { Words } from "./i18n";
import { Preferences, SIZES, save } from "./preferences";
import { canListen, canSpeak } from "./speech";

const DOTS = "M12 5v.01M12 12v.01M12 19v.01";

export class Menu {
  readonly button: HTMLButtonElement;
  readonly element: HTMLElement;
  private readonly larger: HTMLButtonElement;
  private readonly smaller: HTMLButtonElement;
  private readonly voice: HTMLButtonElement;

  constructor(
    words: Words,
    privacy: string,
    private readonly preferences: Preferences,
    private readonly changed: () => void,
    restart: () => void,
  ) {
    this.button = el("button", {
      type: "button", class: "bare dots", "aria-label": words.options, "aria-expanded": "false", "aria-controls": "menu",
      click: () => this.show(this.element.hasAttribute("hidden")),
    }, icon(DOTS));
    this.larger = el("button", { type: "button", click: () => this.resize(1) }, words.larger);
    this.smaller = el("button", { type: "button", click: () => this.resize(-1) }, words.smaller);
    this.voice = el("button", { type: "button", click: () => this.toggleVoice() }, words.voice);
    const again = el("button", { type: "button", class: "restart", click: () => (this.show(false), restart()) }, words.restart);
    const link = el("a", { href: privacy, target: "_blank", rel: "noopener" }, words.privacy);
    this.element = el("div", { id: "menu", class: "menu", hidden: true }, this.smaller, this.larger, this.voice, again, link);
  }

  show(on: boolean): void {
    if (on) this.render();
    this.element.hidden = !on;
    this.button.setAttribute("aria-expanded", String(on));
    if (on) (this.element.querySelector("button:not(:disabled)") as HTMLElement).focus();
  }

  /** Close it if it is open; whether it was. */
  dismiss(): boolean {
    if (this.element.hidden) return false;
    this.show(false);
    this.button.focus();
    return true;
  }

  private resize(by: number): void {
    this.preferences.size = Math.max(0, Math.min(SIZES.length - 1, this.preferences.size + by));
    this.store();
  }

  private toggleVoice(): void {
    this.preferences.voice = !this.preferences.voice;
    this.store();
  }

  private store(): void {
    save(this.preferences);
    this.render();
    this.changed();
  }

  private render(): void {
    // A disabled button would lose the focus: at the end it stays and does nothing.
    this.smaller.setAttribute("aria-disabled", String(this.preferences.size === 0));
    this.larger.setAttribute("aria-disabled", String(this.preferences.size === SIZES.length - 1));
    this.voice.hidden = !canListen() && !canSpeak(); // asking for voices is slow: not before the menu opens
    this.voice.setAttribute("aria-pressed", String(this.preferences.voice));
  }
}
