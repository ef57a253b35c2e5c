// What the embedding page says in attributes: docs/widget.md lists them.

import { Language, WORDS } from "./i18n";

export const ATTRIBUTES = [
  "title", "commune", "province", "address", "map", "greeting", "questions", "lang", "position", "color", "theme", "open",
];

export interface Config {
  base: string; // where motcua runs: "https://tthc.example.vn", without a slash at the end
  title: string;
  commune: string;
  province: string;
  address: string; // of the commune's desk
  map: string; // a link to it
  greeting: string;
  questions: string[];
  language: Language;
  position: "right" | "left" | "page";
  color: string; // "#rrggbb" or empty
  open: boolean;
}

export function read(element: HTMLElement, base: string): Config {
  const given = (name: string): string => (element.getAttribute(name) ?? "").trim();
  const language = languageOf(given("lang") || document.documentElement.lang);
  const words = WORDS[language];
  const position = given("position");
  return {
    base,
    language,
    title: given("title") || words.title,
    commune: given("commune"),
    province: given("province"),
    address: given("address"),
    map: given("map"),
    greeting: given("greeting") || words.greeting,
    questions: split(given("questions")) ?? words.questions,
    position: position === "left" || position === "page" ? position : "right",
    color: /^#[0-9a-f]{6}$/i.test(given("color")) ? given("color") : "",
    open: element.hasAttribute("open"),
  };
}

function languageOf(tag: string): Language {
  return tag.toLowerCase().startsWith("en") ? "en" : "vi";
}

function split(text: string): string[] | null {
  return text ? text.split("|").map((one) => one.trim()).filter(Boolean) : null;
}

/** Black or white, whichever stands out more: at least 4.5:1 on any colour. */
export function onColor(color: string): string {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const share = parseInt(color.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue; // WCAG 2.2, relative luminance
  return luminance > 0.179 ? "#000" : "#fff";
}
