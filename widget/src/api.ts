// The chat API over HTTP; every way to fail has a name.

import { Late, Reply } from "./reply";

const LONGEST_MS = 25_000; // the server gives Rasa ten seconds by default

/** Nothing came back: no network, no server, or too late. The message may have arrived. */
export class Unreachable extends Error {}

/** The server asks for patience. */
export class Busy extends Error {
  constructor(readonly afterMs: number) {
    super("busy");
  }
}

/** The server does not take this message; sending it again would not help. */
export class Refused extends Error {}

/** The server does not know this site. */
export class Forbidden extends Error {}

/** What the page says of where it is; nothing of it is the citizen's. */
interface Page {
  commune: string;
  province: string;
}

export class Api {
  private readonly page: Partial<Page>;

  constructor(private readonly base: string, { commune, province }: Page) {
    this.page = { ...(commune && { commune }), ...(province && { province }) };
  }

  /** Raises Unreachable, Busy, Refused or Forbidden. */
  async post(conversation: string, id: string, text: string): Promise<Reply[]> {
    const body = JSON.stringify({ conversation_id: conversation, message_id: id, text, ...this.page });
    const response = await this.fetch("/api/chat", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body,
    });
    if (response.ok) return (await content<{ replies: Reply[] }>(response)).replies;
    const { status } = response;
    if (status === 409 || status === 429 || status === 503) throw new Busy(afterMs(response));
    if (status >= 500) throw new Unreachable();
    throw new Refused((await content<{ error?: string }>(response)).error ?? String(status));
  }

  /** What the office announces now; "" when it does not, or when it cannot be asked. */
  async announcement(): Promise<string> {
    try {
      const response = await fetch(`${this.base}/api/announcement`, { credentials: "omit" });
      return response.ok ? ((await response.json()) as { text: string }).text : "";
    } catch {
      return "";
    }
  }

  /** Listen for late messages; the browser connects again by itself, and after a refusal we do. */
  listen(conversation: string, after: number, heard: (late: Late) => void, ended: () => void): () => void {
    const stream = new EventSource(`${this.base}/api/chat/${conversation}/events?after=${after}`);
    stream.onmessage = (event) => heard(JSON.parse(event.data as string) as Late);
    stream.onerror = () => {
      if (stream.readyState === EventSource.CLOSED) ended();
    };
    return () => stream.close();
  }

  private async fetch(path: string, request: RequestInit): Promise<Response> {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), LONGEST_MS);
    try {
      return await fetch(this.base + path, { ...request, signal: abort.signal, credentials: "omit" });
    } catch {
      await this.requirePermission();
      throw new Unreachable();
    } finally {
      clearTimeout(timer);
    }
  }

  /** A refused site cannot tell a refusal from a lost connection: this address answers everyone. */
  private async requirePermission(): Promise<void> {
    if (this.base === location.origin) return;
    const said = await fetch(`${this.base}/embedding`, { credentials: "omit" })
      .then((response) => content<{ error?: string }>(response))
      .catch(() => ({ error: undefined }));
    if (said.error) throw new Forbidden(said.error);
  }
}

async function content<T>(response: Response): Promise<T> {
  try {
    return (await response.json()) as T;
  } catch {
    throw new Unreachable(); // cut off half-way, or a proxy's page
  }
}

function afterMs(response: Response): number {
  const seconds = Number(response.headers.get("Retry-After"));
  return seconds > 0 ? Math.min(seconds, 60) * 1000 : 0;
}
