// Where the citizen writes: the field, send, and the microphone when voice is on.

import { el, icon } from "./dom";
import { Words } from "./i18n";
import { canListen, listen } from "./speech";

const MICROPHONE = "M12 3a3 3 0 0 1 3 3v6a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3zM6 11a6 6 0 0 0 12 0m-6 6v4";
const MOST_CHARS = "4000"; // MOTCUA_MAX_QUESTION_CHARS by default

export class Composer {
  readonly element: HTMLFormElement;
  readonly field: HTMLTextAreaElement;
  private readonly microphone: HTMLButtonElement;
  private stop: (() => void) | null = null;

  constructor(
    private readonly words: Words,
    privacy: string,
    private readonly send: (text: string) => void,
    private readonly tell: (text: string) => void,
  ) {
    this.field = el("textarea", {
      id: "question", rows: "1", maxlength: MOST_CHARS, autocomplete: "off", enterkeyhint: "send",
      placeholder: words.example, keydown: (event) => this.onKey(event as KeyboardEvent), input: () => this.fit(),
    });
    this.microphone = el("button", {
      type: "button", class: "mic", "aria-label": words.speak, "aria-pressed": "false", click: () => this.toggleMicrophone(),
    }, icon(MICROPHONE));
    this.element = el("form", { submit: (event) => this.onSubmit(event) },
      el("label", { for: "question" }, words.question),
      el("div", { class: "row" }, this.field, this.microphone, el("button", { class: "send" }, words.send)),
      el("p", { class: "hint" }, words.hint, " ", el("a", { href: privacy, target: "_blank", rel: "noopener" }, words.privacy)),
    );
    this.element.noValidate = true;
  }

  showMicrophone(on: boolean): void {
    this.microphone.hidden = !on || !canListen();
    if (!on) this.stop?.();
  }

  fill(text: string): void {
    this.field.value = text;
    this.fit();
  }

  private onSubmit(event: Event): void {
    event.preventDefault();
    const text = this.field.value.trim();
    if (!text) return;
    this.fill("");
    this.send(text);
  }

  private onKey(event: KeyboardEvent): void {
    // While a Vietnamese input method composes a letter, Enter belongs to it.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    this.onSubmit(event);
  }

  /** As high as its text, up to the style sheet's max-height. */
  private fit(): void {
    this.field.style.height = "auto";
    this.field.style.height = `${this.field.scrollHeight + 2}px`;
  }

  private toggleMicrophone(): void {
    if (this.stop) return this.stop();
    this.microphone.setAttribute("aria-pressed", "true");
    this.tell(this.words.listening);
    this.stop = listen(
      (text) => this.fill(`${this.field.value} ${text}`.trim()),
      (trouble) => {
        this.stop = null;
        this.microphone.setAttribute("aria-pressed", "false");
        this.tell(trouble ? this.words[trouble] : "");
        this.field.focus();
      },
    );
  }
}
