// The window around the conversation: launcher, header, place on the screen, focus.

import { Config, onColor } from "./config";
import { el, icon } from "./dom";
import { WORDS, Words } from "./i18n";
import { SIZES } from "./preferences";

const BUBBLE = "M4 5h16v11H10l-5 4v-4H4z";
const CROSS = "M6 6l12 12M18 6L6 18";
const COVERS = "(max-width: 30em), (max-height: 30em)"; // as in the style sheet
const FOCUSABLE = "button:not([hidden]), a[href], textarea, input, [tabindex='0']";

/** The button in the corner: all that a page has of the assistant until it is needed. */
export function makeLauncher({ language, position }: Config, press: () => void): HTMLButtonElement {
  return el("button", {
    type: "button", class: `launcher ${position}`, "aria-expanded": "false", "aria-haspopup": "dialog", click: press,
  }, icon(BUBBLE), WORDS[language].launch);
}

/** The page's colour for the assistant, and one that can be read on it. */
export function paint(host: HTMLElement, color: string): void {
  if (!color) return;
  host.style.setProperty("--main", color);
  host.style.setProperty("--on-main", onColor(color));
}

export class Frame {
  readonly panel: HTMLElement;
  private readonly heading: HTMLElement;
  private readonly isPage: boolean;

  constructor(
    private readonly host: HTMLElement,
    private readonly root: ShadowRoot,
    private readonly launcher: HTMLButtonElement,
    config: Config,
    words: Words,
    menuButton: HTMLElement,
    content: HTMLElement[],
    private readonly openChanged: (open: boolean) => void,
  ) {
    this.isPage = config.position === "page";
    this.heading = el(this.isPage ? "h1" : "h2", { id: "title", tabindex: "-1" }, config.title);
    const close = el("button", { type: "button", class: "bare close", "aria-label": words.close, click: () => this.show(false) }, icon(CROSS));
    this.panel = el("section", { class: `panel ${config.position}`, "aria-labelledby": "title" },
      el("header", {},
        el("div", {}, this.heading, config.commune ? el("p", {}, config.commune) : null),
        menuButton, this.isPage ? null : close),
      ...content,
    );
    if (!this.isPage) {
      this.panel.setAttribute("role", "dialog");
      this.panel.hidden = true;
    }
    root.append(this.panel);
    window.visualViewport?.addEventListener("resize", () => this.followKeyboard());
    window.visualViewport?.addEventListener("scroll", () => this.followKeyboard());
    if (this.isPage) this.followKeyboard();
  }

  get isOpen(): boolean {
    return this.isPage || !this.panel.hidden;
  }

  show(open: boolean): void {
    if (this.isPage || open === this.isOpen) return;
    this.panel.hidden = !open;
    this.launcher.hidden = open;
    this.launcher.setAttribute("aria-expanded", String(open));
    this.panel.setAttribute("aria-modal", String(open && this.covers));
    if (!open) this.launcher.focus();
    // What is read of the window makes the browser lay it out: once, by the focus, and the rest before it is painted.
    else requestAnimationFrame(() => this.followKeyboard());
    this.openChanged(open);
  }

  /** Where reading starts; for fingers, where no keyboard comes up and hides half of the answer. */
  focusHeading(): void {
    this.heading.focus();
  }

  size(place: number): void {
    this.host.style.setProperty("--size", String(SIZES[place]));
  }

  /** Keep Tab inside while the panel covers the whole screen: what is behind cannot be seen. */
  onTab(event: KeyboardEvent): void {
    if (this.isPage || !this.covers) return;
    const all = [...this.panel.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((one) => one.offsetParent);
    const end = event.shiftKey ? all[0] : all[all.length - 1];
    if (this.root.activeElement !== end && this.root.activeElement !== this.heading) return;
    if (this.root.activeElement === this.heading && !event.shiftKey) return;
    event.preventDefault();
    (event.shiftKey ? all[all.length - 1] : all[0])?.focus();
  }

  /** Whether it fills a small screen. */
  private get covers(): boolean {
    return matchMedia(COVERS).matches;
  }

  /** Phones lay their keyboard over the page: the panel ends where the keyboard begins. */
  private followKeyboard(): void {
    const view = window.visualViewport;
    if (!view || !this.isOpen) return; // reading these makes the browser lay out the whole page
    this.host.style.setProperty("--height", `${view.height}px`);
    this.host.style.setProperty("--top", `${view.offsetTop}px`);
  }
}
