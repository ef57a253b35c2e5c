// Where to go: the commune's desk, as its page states it. A map is a link: nothing is loaded before it is pressed.

import { el, webAddress } from "./dom";
import { Words } from "./i18n";
import { Place } from "./reply";

export interface Desk {
  commune: string;
  address: string; // empty when the page does not state it
  map: string; // a link, or empty
}

const COMMUNE = /cấp xã|xã, phường/i;
const POLICE = /công an/i;

/** The commune's own desk, where an answer about the place says that the commune is competent. */
export function deskOf({ agencies = [], address = "" }: Place, desk: Desk, words: Words): HTMLElement[] {
  const isCommunes = [...agencies, address].some((one) => COMMUNE.test(one) && !POLICE.test(one));
  if (!desk.address || !isCommunes) return [];
  const name = el("b", {}, `${words.desk}${desk.commune && ` ${desk.commune}`}: `);
  const url = webAddress(desk.map);
  const map = url && el("a", { href: url.href, target: "_blank", rel: "noopener noreferrer" }, words.map);
  return [el("p", { class: "desk" }, name, desk.address, map && " ", map)];
}
