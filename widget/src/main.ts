// <script src="https://…/widget.js" data-…> puts the assistant on the page; <motcua-chat …> in the
// page puts it where the element stands.

import { ATTRIBUTES, read } from "./config";
import { style } from "./dom";
import { makeLauncher, paint } from "./frame";
import css from "./style.css";
import { Widget } from "./widget";

const NAME = "motcua-chat";
const script = document.currentScript as HTMLScriptElement | null;
const base = script ? new URL(script.src).href.replace(/\/(static\/)?widget\.js.*$/, "") : location.origin;

class ChatElement extends HTMLElement {
  private widget: Widget | null = null;
  private make: (() => Widget) | null = null;

  /** On a commune's page only the launcher at once; the window when the page has time, or when it is asked for. */
  connectedCallback(): void {
    this.lift();
    if (this.make) return; // moved within the page
    const root = this.attachShadow({ mode: "open" });
    const config = read(this, base);
    const nonce = script?.nonce ?? "";
    const launcher = makeLauncher(config, () => this.open());
    this.make = () => new Widget(this, root, config, nonce, launcher);
    style(root, css, nonce);
    paint(this, config.color);
    if (config.position !== "page") root.append(launcher);
    if (config.position === "page" || config.open) this.made();
    else whenIdle(() => this.made());
  }

  /** Above the page and placed by the window, also where the page's body is transformed or filtered. */
  private lift(): void {
    if (this.getAttribute("position") === "page" || !("showPopover" in this)) return;
    this.popover = "manual";
    this.showPopover();
  }

  open(): void {
    this.made()?.open();
  }

  close(): void {
    this.widget?.close();
  }

  /** Ask as if the citizen had typed it, for buttons of the embedding page. */
  ask(text: string): void {
    this.open();
    this.widget?.ask(text, text);
  }

  private made(): Widget | null {
    if (!this.widget && this.make) this.widget = this.make();
    return this.widget;
  }
}

function whenIdle(work: () => void): void {
  if ("requestIdleCallback" in window) requestIdleCallback(work, { timeout: 2_000 });
  else setTimeout(work, 200); // Safari
}

function place(): void {
  if (document.querySelector(NAME)) return;
  const element = document.createElement(NAME);
  for (const name of ATTRIBUTES) {
    const value = script?.dataset[name];
    if (value !== undefined) element.setAttribute(name, value);
  }
  document.body.append(element);
}

// A page that loads the script twice keeps the first assistant.
if (!customElements.get(NAME)) {
  customElements.define(NAME, ChatElement);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", place);
  else place();
}
