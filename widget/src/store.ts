// The conversation on this device: survives reloads and page changes, is bounded, expires.
// Several tabs share it: every change starts from what is stored, not from what this tab remembers.

import { Late, Reply, whole } from "./reply";

const DAYS = 3; // docs and the privacy page say so
const MOST_ENTRIES = 80;
const MOST_CHARS = 150_000;

export interface Mine {
  from: "me";
  id: string; // the message_id that makes sending it twice harmless
  text: string; // what is sent
  shown: string; // what the citizen reads: a button's title instead of its payload
  state: "waiting" | "answered" | "failed";
  error?: string;
  receipt?: string; // answered by nothing but "an official has it"
}

export interface Theirs {
  from: "bot" | "staff" | "notice";
  id: string;
  author: string;
  reply: Reply;
  event?: string | undefined;
  ticked?: number[]; // places of the papers already at hand
  judged?: "useful" | "wrong";
}

export type Entry = Mine | Theirs;

interface Saved {
  conversation: string;
  lastEvent: number;
  usedAt: number; // ms since 1970
  entries: Entry[];
}

export class Store {
  private saved: Saved;

  constructor(
    private readonly key: string,
    private readonly changed: () => void,
  ) {
    const kept = this.read();
    if (!kept) this.forget();
    this.saved = kept ?? fresh();
    window.addEventListener("storage", (event) => {
      if (event.key !== key) return;
      this.saved = this.read() ?? this.saved;
      this.changed();
    });
  }

  get conversation(): string {
    return this.saved.conversation;
  }

  get lastEvent(): number {
    return this.saved.lastEvent;
  }

  get entries(): readonly Entry[] {
    return this.saved.entries;
  }

  /** The oldest message that has no answer yet. */
  get waiting(): Mine | undefined {
    return this.saved.entries.find((one): one is Mine => one.from === "me" && one.state === "waiting");
  }

  /** The name of the official who has taken over, or nothing. */
  get official(): string | undefined {
    const events = this.saved.entries.filter((one): one is Theirs => one.from !== "me" && !!one.event);
    const last = events[events.length - 1];
    return last?.event === "staff_joined" ? last.author : undefined;
  }

  ask(text: string, shown: string): void {
    this.change((saved) => saved.entries.push({ from: "me", id: newId(), text, shown, state: "waiting" }));
  }

  /** Put the replies behind their question. Nothing happens if another tab already did. */
  answer(id: string, replies: Reply[]): Theirs[] {
    let added: Theirs[] = [];
    this.change((saved) => {
      const at = saved.entries.findIndex((one) => one.id === id);
      const question = saved.entries[at];
      if (question?.from !== "me" || question.state !== "waiting") return;
      question.state = "answered";
      const said = replies.filter((reply) => reply.card.kind !== "receipt");
      if (said.length < replies.length) question.receipt = replies[0]?.text ?? "";
      added = said.map((reply, place) => ({ from: "bot", id: `${id}.${place}`, author: "", reply }));
      saved.entries.splice(at + 1, 0, ...added);
    });
    return added;
  }

  fail(id: string, error: string): void {
    this.edit(id, { state: "failed", error });
  }

  sendAgain(id: string): void {
    this.edit(id, { state: "waiting" });
  }

  edit(id: string, change: Partial<Mine> | Partial<Theirs>): void {
    this.change((saved) => {
      const entry = saved.entries.find((one) => one.id === id);
      if (entry) Object.assign(entry, change);
    });
  }

  /** Add a late message; false if it was there already. */
  receive(late: Late): boolean {
    let isNew = false;
    this.change((saved) => {
      isNew = late.id > saved.lastEvent;
      if (!isNew) return;
      saved.lastEvent = late.id;
      const { kind, author, reply } = late;
      saved.entries.push({ from: kind, id: `late.${late.id}`, author, reply: whole(reply), event: reply.event });
    });
    return isNew;
  }

  restart(): void {
    this.saved = fresh();
    this.write();
    this.changed();
  }

  private change(how: (saved: Saved) => void): void {
    this.saved = this.read() ?? this.saved;
    how(this.saved);
    this.saved.usedAt = Date.now();
    this.write();
    this.changed();
  }

  private read(): Saved | null {
    try {
      const saved = JSON.parse(localStorage.getItem(this.key) ?? "null") as Saved | null;
      const usable = saved && Array.isArray(saved.entries) && /^\w{8,64}$/.test(saved.conversation);
      return usable && Date.now() - saved.usedAt < DAYS * 86_400_000 ? saved : null;
    } catch {
      return null; // private window, or not ours: the conversation lives in memory
    }
  }

  /** What is too old is not only not shown: it is gone. */
  private forget(): void {
    try {
      localStorage.removeItem(this.key);
    } catch {
      // Not allowed: then nothing was kept either.
    }
  }

  private write(): void {
    const { entries } = this.saved;
    let text = JSON.stringify(this.saved);
    while (entries.length > 1 && (entries.length > MOST_ENTRIES || text.length > MOST_CHARS)) {
      const oldest = entries.findIndex((one) => one.from !== "me" || one.state !== "waiting");
      if (oldest < 0) break; // unsent messages are never dropped
      entries.splice(oldest, 1);
      text = JSON.stringify(this.saved);
    }
    try {
      localStorage.setItem(this.key, text);
    } catch {
      // No room or not allowed: the conversation still lives until the page is left.
    }
  }
}

function fresh(): Saved {
  return { conversation: newId(), lastEvent: 0, usedAt: Date.now(), entries: [] };
}

/** 128 random bits: whoever knows a conversation's id can read its late messages. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
