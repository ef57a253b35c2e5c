// The chat API's contract (docs/architecture.md), as far as the widget reads it.

export interface Button {
  title: string;
  payload: string;
}

export interface Source {
  code: string;
  decision: string | null;
  as_of: string;
  url: string;
}

export interface Fee {
  method: string;
  kind: string;
  amount: string | null;
  currency: string;
  text: string;
}

export interface Place {
  title?: string;
  agencies?: string[];
  address?: string;
}

export interface Card {
  kind?: string; // "plan", "term", "faq", "channel_off", "receipt"; none: an answer about a procedure
  event?: string; // of a plan
  fee?: { title?: string; fees?: Fee[] };
  place?: Place;
  feedback?: { useful: string; wrong: string };
}

/** The titles that the sections of the text begin with: the card holds one for each aspect. */
export function titles(reply: Reply): string[] {
  const entries = Object.values(reply.card) as ({ title?: unknown } | string | undefined)[];
  return entries.map((entry) => (typeof entry === "object" ? entry?.title : "")).filter((title): title is string => !!title);
}

export interface Reply {
  text: string;
  outcome: string;
  procedures: { code: string; name: string }[];
  aspects: string[];
  buttons: Button[];
  sources: Source[];
  card: Card;
}

/** What the outbox sends: at least a text; the rest as in any reply. */
export interface Late {
  id: number;
  kind: "staff" | "bot" | "notice";
  author: string;
  reply: Partial<Reply> & { text: string; event?: string };
}

/** Fill in what a late reply may lack. */
export function whole(reply: Late["reply"]): Reply {
  const empty = { outcome: "smalltalk", procedures: [], aspects: [], buttons: [], sources: [], card: {} };
  return { ...empty, ...reply };
}
