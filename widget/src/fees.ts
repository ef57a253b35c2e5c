// Fees as a table: one row for each amount, its conditions never parted from it. Ways to submit that cost the same in
// many cases are named once, above them: on a phone a column for them would be most of the table.

import { el, pointwise } from "./dom";
import { Words } from "./i18n";
import { Fee } from "./reply";

const TELLING = 40; // characters: the text may be cut at its end, so much of a condition tells which it is

/** Whether a line of the answer's text says nothing but one of the rows: what says more stays in the text. */
export function coveredByFees(line: string, fees: Fee[]): boolean {
  return fees.some((fee) => {
    const condition = oneLine(fee.text);
    const sum = fee.amount === null ? `: ${fee.kind}:` : `: ${fee.kind} ${amount(fee)}`;
    const at = line.indexOf(sum);
    if (at < 0) return false;
    const rest = line.slice(at + sum.length).trim();
    const said = fee.amount === null || rest.startsWith("/") ? rest : rest.replace(/^\(|\)$/g, "");
    return said === condition || (said.length > TELLING && condition.startsWith(said));
  });
}

export function feeTable(fees: Fee[], words: Words): HTMLElement {
  const rows = grouped(fees).map(([fee, methods]): Row => [methods.join(", "), fee]);
  const ways = [...new Set(rows.map(([methods]) => methods))];
  const titles = ways.length < rows.length ? [words.fee, words.appliesTo] : [words.method, words.fee];
  const head = el("tr", {}, ...titles.map((title) => el("th", { scope: "col" }, title)));
  const bodies = ways.length < rows.length
    ? ways.map((way) => casesOf(way, rows.filter(([methods]) => methods === way)))
    : [el("tbody", {}, ...rows.map(([way, fee]) => el("tr", {}, el("th", { scope: "row" }, way), el("td", {}, ...said(fee)))))];
  return el("table", {}, el("thead", {}, head), ...bodies);
}

type Row = [methods: string, fee: Fee];

function casesOf(way: string, rows: Row[]): HTMLElement {
  const title = el("tr", {}, el("th", { scope: "rowgroup", colspan: "2", class: "way" }, way));
  return el("tbody", {}, title, ...rows.map(([, fee]) => {
    const [sum, condition] = said(fee);
    if (!condition) return el("tr", {}, el("td", { colspan: "2" }, sum));
    return el("tr", {}, el("th", { scope: "row" }, sum), el("td", {}, condition));
  }));
}

function said(fee: Fee): (Node | string)[] {
  const condition = oneLine(fee.text);
  if (fee.amount === null) return [`${fee.kind}: ${pointwise(condition)}`];
  const unit = condition.startsWith("/"); // "2.000 đồng/trang"
  const sum = el("b", {}, `${fee.kind} ${amount(fee)}${unit ? condition : ""}`);
  return unit || !condition ? [sum] : [sum, el("span", { class: "condition" }, pointwise(condition))];
}

/** "7000" → "7.000 đồng", as in the text. */
function amount(fee: Fee): string {
  const [whole = "", part = ""] = (fee.amount ?? "").split(".");
  const decimals = part.replace(/0+$/, "");
  const number = whole.replace(/\B(?=(\d{3})+$)/g, ".") + (decimals && `,${decimals}`);
  return `${number} ${fee.currency === "VND" ? "đồng" : fee.currency}`;
}

/** The same fee of several ways to submit is one row. */
function grouped(fees: Fee[]): [Fee, string[]][] {
  const rows = new Map<string, [Fee, string[]]>();
  for (const fee of fees) {
    const key = JSON.stringify([fee.kind, fee.amount, fee.currency, fee.text]);
    const row = rows.get(key);
    if (!row) rows.set(key, [fee, [fee.method]]);
    else if (!row[1].includes(fee.method)) row[1].push(fee.method);
  }
  return [...rows.values()];
}

function oneLine(text: string): string {
  return text.split(/\s+/).filter(Boolean).join(" ");
}
