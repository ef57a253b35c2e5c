// Elements from text only: nothing a server or a citizen wrote is ever read as markup.

type Child = Node | string | null | undefined | false;

export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string | boolean | ((event: Event) => void)> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false) element.setAttribute(name, value);
  }
  element.append(...children.filter((child): child is Node | string => !!child));
  return element;
}

/** A line icon; ours alone, so that no image is ever fetched. */
export function icon(path: string): SVGSVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(space, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

const ADDRESS = /(https?:\/\/[^\s]*[^\s.,;:)”"])/;

/** Text with its addresses as links. Only http and https become links. */
export function linked(text: string, name: (url: URL) => string): Child[] {
  return text.split(ADDRESS).map((part, place) => {
    const url = place % 2 ? webAddress(part) : null;
    return url ? el("a", { href: url.href, target: "_blank", rel: "noopener noreferrer" }, name(url)) : part;
  });
}

const LONG_TEXT = 100; // characters, which are three lines on a phone

/** A list that the record writes in one line: each of its points begins a line. Not a character is lost. */
export function pointwise(text: string): string {
  return text.length < LONG_TEXT ? text : text.replace(/([.;:,)]) (?=[-–] )|(\D) (?=[+*•] \S)/g, "$1$2\n");
}

/** null for anything but http and https. */
export function webAddress(text: string): URL | null {
  try {
    const url = new URL(text);
    return url.protocol === "https:" || url.protocol === "http:" ? url : null;
  } catch {
    return null;
  }
}

/** A style sheet that a strict Content-Security-Policy lets through. */
export function style(root: Document | ShadowRoot, css: string, nonce: string): () => void {
  if ("adoptedStyleSheets" in root && "replaceSync" in CSSStyleSheet.prototype) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    return () => (root.adoptedStyleSheets = root.adoptedStyleSheets.filter((one) => one !== sheet));
  }
  // Safari before 16.4: a style element, which a strict policy wants to carry the script's nonce.
  const element = el("style", nonce ? { nonce } : {}, css);
  (root instanceof Document ? root.head : root).append(element);
  return () => element.remove();
}
