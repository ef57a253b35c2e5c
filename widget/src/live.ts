// The stream of late messages: open only while somebody can see them.

import { Api } from "./api";
import { Late } from "./reply";
import { Store } from "./store";

const AGAIN_MS = 30_000; // after a refusal; a lost connection the browser mends by itself

export class Live {
  private close: (() => void) | null = null;
  private conversation = "";

  constructor(
    private readonly api: Api,
    private readonly store: Store,
    private readonly heard: (late: Late) => void,
  ) {}

  /** Listen to the conversation of now, or to nothing. */
  update(wanted: boolean): void {
    const conversation = wanted && this.store.entries.length ? this.store.conversation : "";
    if (conversation === this.conversation) return;
    this.conversation = conversation;
    this.close?.();
    this.close = conversation ? this.open(conversation) : null;
  }

  private open(conversation: string): () => void {
    return this.api.listen(conversation, this.store.lastEvent, this.heard, () => {
      setTimeout(() => {
        if (this.conversation === conversation) this.close = this.open(conversation);
      }, AGAIN_MS);
    });
  }
}
