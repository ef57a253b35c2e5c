// Sends what waits, one message after the other, until each is answered: nothing lost, nothing twice.

import { Api, Busy, Forbidden, Refused } from "./api";
import { Mine, Store, Theirs } from "./store";

export type Status = "idle" | "sending" | "offline" | "busy" | "forbidden";

const PAUSES_MS = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];
// A server may need minutes to come back; after that the message itself may be what it cannot bear.
const GIVE_UP_MS = 180_000;
const LEAST_TRIES = 6;

export class Sender {
  status: Status = "idle";
  private running = false;
  private failures = 0; // in a row, for the pauses
  private unavailable = 0; // answers in a row that said only "busy" …
  private since = 0; // … the first of them at (ms since 1970)
  private wakeUp: () => void = () => undefined;

  constructor(
    private readonly api: Api,
    private readonly store: Store,
    private readonly changed: () => void,
    private readonly answered: (answers: Theirs[]) => void,
  ) {
    window.addEventListener("online", () => this.wake());
  }

  /** Send now: a message was added, the network is back, or the citizen is impatient. */
  wake(): void {
    this.wakeUp();
    if (!this.running) void this.run();
  }

  private async run(): Promise<void> {
    this.running = true;
    let next: Mine | undefined;
    while ((next = this.store.waiting)) {
      // What went wrong stays in sight while the next try is under way.
      if (this.status === "idle") this.say("sending");
      await this.send(next);
    }
    this.running = false;
    this.say("idle");
  }

  private async send(message: Mine): Promise<void> {
    const conversation = this.store.conversation;
    try {
      const replies = await this.api.post(conversation, message.id, message.text);
      const isBusy = replies.every(({ outcome, card }) => outcome === "unavailable" && card.kind !== "channel_off");
      if (isBusy && !this.givesUp()) return await this.pause("busy");
      this.failures = this.unavailable = 0;
      this.say("sending");
      if (isBusy) return this.store.fail(message.id, replies[0]?.text ?? "");
      // After "start again" nobody waits for this answer any more.
      if (conversation === this.store.conversation) this.answered(this.store.answer(message.id, replies));
    } catch (error) {
      await this.handle(error, message);
    }
  }

  private givesUp(): boolean {
    if (!this.unavailable++) this.since = Date.now();
    return this.unavailable >= LEAST_TRIES && Date.now() - this.since > GIVE_UP_MS;
  }

  private async handle(error: unknown, message: Mine): Promise<void> {
    if (error instanceof Busy) {
      await this.pause("busy", error.afterMs);
    } else if (error instanceof Refused) {
      this.store.fail(message.id, error.message);
    } else if (error instanceof Forbidden) {
      console.error(`motcua: ${error.message}`);
      await this.pause("forbidden", 60_000);
    } else {
      await this.pause("offline");
    }
  }

  private async pause(status: Status, atLeastMs = 0): Promise<void> {
    const pause = PAUSES_MS[Math.min(this.failures++, PAUSES_MS.length - 1)] as number;
    this.say(status);
    // Spread, so that a thousand phones do not all come back in the same moment.
    const ms = Math.max(pause * (0.75 + Math.random() / 2), atLeastMs);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private say(status: Status): void {
    this.status = status;
    this.changed();
  }
}
