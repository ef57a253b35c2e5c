// The assistant on a page: puts the parts together and says who does what.

import { Api } from "./api";
import { Composer } from "./composer";
import { Config } from "./config";
import { el } from "./dom";
import { Frame } from "./frame";
import { WORDS, Words } from "./i18n";
import { Live } from "./live";
import { Log } from "./log";
import { Menu } from "./menu";
import { Deeds, MessageMaker } from "./message";
import { Preferences, load } from "./preferences";
import { Late } from "./reply";
import { Sender } from "./sender";
import { canSpeak, hush, isSpeaking, onVoices, speak } from "./speech";
import { Store, Theirs } from "./store";
import { copy, linkTo, print, share } from "./tools";

const TOLD_MS = 5_000;
const PAYLOAD = /^@([a-z]+)(?: ([\w.]+))?$/;

export class Widget implements Deeds {
  private readonly words: Words;
  private readonly api: Api;
  private readonly preferences: Preferences = load();
  private readonly store: Store;
  private readonly sender: Sender;
  private readonly live: Live;
  private readonly log: Log;
  private readonly composer: Composer;
  private readonly menu: Menu;
  private readonly frame: Frame;
  private readonly status = el("p", { role: "status" });
  private readonly retry: HTMLButtonElement;
  private readonly notice = el("p", { class: "notice", role: "status" });
  private readonly official = el("p", { class: "official", role: "status" });
  private told = "";
  private reading = ""; // id of what "listen" was last pressed for
  private hasVoice = this.preferences.voice;

  constructor(
    private readonly host: HTMLElement,
    private readonly root: ShadowRoot,
    private readonly config: Config,
    private readonly nonce: string,
    launcher: HTMLButtonElement,
  ) {
    const words = (this.words = WORDS[config.language]);
    const api = (this.api = new Api(config.base, config));
    const privacy = `${config.base}/privacy`;
    this.store = new Store(`motcua:${config.base}`, () => this.render());
    this.sender = new Sender(api, this.store, () => this.render(), (answers) => this.onAnswer(answers));
    this.live = new Live(api, this.store, (late) => this.onLate(late));
    const maker = new MessageMaker(words, config.position === "page" ? 2 : 3, this, config);
    this.log = new Log(maker, words.log, maker.greeting(config.greeting, config.questions));
    this.composer = new Composer(words, privacy, (text) => this.ask(text, text), (text) => this.tell(text));
    this.menu = new Menu(words, privacy, this.preferences, () => this.onPreference(), () => this.restart());
    this.retry = el("button", { type: "button", class: "choice", hidden: true, click: () => this.sender.wake() }, words.retryNow);
    const state = el("div", { class: "status" }, this.status, this.retry);
    this.frame = new Frame(host, root, launcher, config, words, this.menu.button,
      [this.menu.element, this.notice, this.official, this.log.element, state, this.composer.element], (open) => this.onOpen(open));
    root.addEventListener("keydown", (event) => this.onKey(event as KeyboardEvent));
    document.addEventListener("visibilitychange", () => this.render());
    if (this.preferences.voice) onVoices(() => this.prefer());
    this.start();
  }

  open(): void {
    this.frame.show(true);
  }

  close(): void {
    this.frame.show(false);
  }

  ask(text: string, shown: string): void {
    hush();
    this.told = "";
    this.store.ask(text, shown);
    this.log.scrollToEnd();
    this.sender.wake();
  }

  sendAgain(id: string): void {
    this.store.sendAgain(id);
    this.sender.wake();
  }

  tick(id: string, place: number, on: boolean): void {
    const entry = this.store.entries.find((one): one is Theirs => one.from !== "me" && one.id === id);
    const others = (entry?.ticked ?? []).filter((one) => one !== place);
    this.store.edit(id, { ticked: on ? [...others, place] : others });
  }

  judge(id: string, verdict: "useful" | "wrong"): void {
    const entry = this.store.entries.find((one): one is Theirs => one.from !== "me" && one.id === id);
    const payload = entry?.reply.card.feedback?.[verdict];
    if (!entry || !payload || entry.judged === verdict) return;
    this.store.edit(id, { judged: verdict });
    this.ask(payload, this.words[verdict]);
  }

  copy(entry: Theirs): void {
    void copy(entry.reply.text, this.root).then((done) => done && this.tell(this.words.copied));
  }

  share(entry: Theirs): void {
    const url = linkTo(this.config.base, entry.reply);
    if (!url) return;
    void share(entry.reply.procedures[0]?.name ?? this.config.title, url, this.root).then((how) => {
      if (how === "copied") this.tell(this.words.shared);
    });
  }

  print(entry: Theirs): void {
    const message = this.log.get(entry.id);
    if (message) print(message, this.host, this.nonce);
  }

  /** Pressed again, it stops. */
  listen(entry: Theirs): void {
    const again = this.reading === entry.id && isSpeaking();
    this.reading = again ? "" : entry.id;
    if (again) hush();
    else speak(entry.reply.text);
  }

  private start(): void {
    this.prefer();
    this.render();
    this.sender.wake();
    if (this.config.open) this.frame.show(true);
    if (this.config.position === "page") {
      void this.readNotice();
      this.askFromAddress();
      this.toLastQuestion();
      if (!this.isTouched()) this.composer.field.focus();
    }
    this.log.announce();
  }

  /** ``?q=`` of a shared link: a button's payload is asked at once, words only fill the field. */
  private askFromAddress(): void {
    const text = new URLSearchParams(location.search).get("q");
    if (!text) return;
    history.replaceState(history.state, "", location.pathname); // a reload must not ask again
    const [, aspect = "", code = ""] = PAYLOAD.exec(text) ?? [];
    const name = this.words.aspects[aspect];
    if (aspect === "event" && code) this.ask(text, this.words.plan);
    else if (name && code) this.ask(text, `${name} (${code})`);
    else this.composer.fill(text);
  }

  private onOpen(open: boolean): void {
    this.render();
    if (!open) return hush();
    this.toLastQuestion();
    if (this.isTouched()) this.frame.focusHeading();
    else this.composer.field.focus();
    setTimeout(() => void this.readNotice()); // first what the citizen pressed for
  }

  /** The office's announcement, above the conversation; asked for when somebody opens the assistant. */
  private async readNotice(): Promise<void> {
    setText(this.notice, await this.api.announcement());
  }

  private toLastQuestion(): void {
    const questions = this.store.entries.filter((entry) => entry.from === "me");
    const last = questions[questions.length - 1];
    if (last) this.log.scrollTo(last.id);
  }

  private onAnswer(answers: Theirs[]): void {
    const first = answers[0];
    if (!first) return;
    const at = this.store.entries.findIndex((entry) => entry.id === first.id);
    this.log.scrollTo((this.store.entries[at - 1] ?? first).id); // its question on top
    if (this.preferences.voice) speak(answers.map((answer) => answer.reply.text).join("\n"));
  }

  private onLate(late: Late): void {
    if (!this.store.receive(late)) return;
    this.log.scrollTo(`late.${late.id}`);
    if (this.preferences.voice) speak(late.reply.text);
  }

  private onKey(event: KeyboardEvent): void {
    event.stopPropagation(); // the page's own shortcuts must not fire while somebody writes here
    if (event.key === "Tab") this.frame.onTab(event);
    if (event.key !== "Escape" || event.isComposing) return;
    hush();
    if (!this.menu.dismiss()) this.frame.show(false);
  }

  private restart(): void {
    this.store.restart();
    this.sender.wake(); // nothing waits any more: whatever was wrong is over
    this.tell(this.words.restarted);
    this.composer.field.focus();
  }

  private prefer(): void {
    const { size, voice } = this.preferences;
    this.frame.size(size);
    this.composer.showMicrophone(voice);
    this.frame.panel.classList.toggle("speaks", voice && canSpeak());
  }

  private onPreference(): void {
    const before = this.hasVoice;
    this.hasVoice = this.preferences.voice;
    this.log.keepPlace(() => this.prefer());
    if (!this.hasVoice) return hush();
    if (before) return;
    onVoices(() => this.prefer()); // browsers load their voices when they are first asked for
    this.tell(this.words.voiceNote);
  }

  private tell(text: string): void {
    this.told = text;
    this.render();
    setTimeout(() => {
      if (this.told !== text) return;
      this.told = "";
      this.render();
    }, TOLD_MS);
  }

  private render(): void {
    if (!this.frame) return; // the parts announce changes while they are being put together
    this.log.keepEnd(() => this.renderParts());
    this.live.update(this.frame.isOpen && document.visibilityState === "visible");
  }

  private renderParts(): void {
    const { status } = this.sender;
    this.log.render(this.store.entries, status === "sending");
    const troubled = status === "offline" || status === "busy" || status === "forbidden";
    const says = { idle: "", sending: this.words.searching, offline: this.words.offline, busy: this.words.busy, forbidden: this.words.forbidden };
    setText(this.status, this.told || says[status]);
    this.status.className = troubled ? "trouble" : "";
    this.retry.hidden = !troubled;
    const author = this.store.official;
    setText(this.official, author === undefined ? "" : this.words.staffAnswers.replace("{author}", author || this.words.staff));
  }

  private isTouched(): boolean {
    return matchMedia("(pointer: coarse)").matches;
  }
}

/** Only a change is announced. */
function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
