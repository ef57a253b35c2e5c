// Copy, share and print one answer.

import { style } from "./dom";
import { Reply } from "./reply";

/** The page that shows the same answer; null when there is none: terms, kept questions. */
export function linkTo(base: string, reply: Reply): string | null {
  const code = reply.procedures[0]?.code;
  if (reply.outcome !== "answer" || !code || !reply.aspects.length) return null;
  const { kind, event } = reply.card;
  if (kind) return kind === "plan" && event ? `${base}/tra-loi/su-kien/${encodeURIComponent(event)}` : null;
  return `${base}/tra-loi/${encodeURIComponent(code)}/${reply.aspects.slice(0, 4).join(",")}`;
}

/** True when it was copied. Pages without https have no clipboard: the old way still works there. */
export async function copy(text: string, root: ShadowRoot): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement("textarea");
    field.value = text;
    root.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}

/** "shared" by the phone's own dialog, "copied", or "no" when it was dismissed. */
export async function share(title: string, url: string, root: ShadowRoot): Promise<"shared" | "copied" | "no"> {
  if ("share" in navigator) {
    try {
      await navigator.share({ title, url });
      return "shared";
    } catch (error) {
      if ((error as Error).name === "AbortError") return "no";
    }
  }
  return (await copy(url, root)) ? "copied" : "no";
}

const ONLY_MARKED = `@media print {
  body > :not([data-motcua-print]), [data-motcua-print] > :not([data-motcua-print]) { display: none !important }
  [data-motcua-print] { position: static !important; transform: none !important; overflow: visible !important;
    height: auto !important; max-height: none !important }
}`;

/** Print one message with its ticks, and nothing else of the page it stands on. */
export function print(message: HTMLElement, host: HTMLElement, nonce: string): void {
  const marked: HTMLElement[] = [];
  for (let one: HTMLElement | null = host; one && one !== document.documentElement; one = one.parentElement) {
    one.setAttribute("data-motcua-print", "");
    marked.push(one);
  }
  const restore = style(document, ONLY_MARKED, nonce);
  const lifted = host.matches("[popover]"); // above the page, where nothing flows over several sheets
  if (lifted) host.hidePopover();
  message.classList.add("printed");
  window.addEventListener(
    "afterprint",
    () => {
      restore();
      if (lifted) host.showPopover();
      message.classList.remove("printed");
      for (const one of marked) one.removeAttribute("data-motcua-print");
    },
    { once: true },
  );
  window.print();
}
