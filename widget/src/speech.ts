// Voice by the browser, Vietnamese only, off until the citizen switches it on.

interface Recognition {
  lang: string;
  onresult: (event: { results: { 0: { transcript: string } }[] }) => void;
  onerror: (event: { error: string }) => void;
  onend: () => void;
  start(): void;
  abort(): void;
}

type RecognitionClass = new () => Recognition;

function recognitionClass(): RecognitionClass | undefined {
  const global = window as unknown as Record<string, RecognitionClass | undefined>;
  return global.SpeechRecognition ?? global.webkitSpeechRecognition;
}

export const canListen = (): boolean => recognitionClass() !== undefined;

function vietnameseVoice(): SpeechSynthesisVoice | undefined {
  return window.speechSynthesis?.getVoices().find((voice) => /^vi\b/i.test(voice.lang));
}

export const canSpeak = (): boolean => vietnameseVoice() !== undefined;

/** Browsers learn of their voices late. */
export function onVoices(changed: () => void): void {
  window.speechSynthesis?.addEventListener?.("voiceschanged", changed);
}

/** Why nothing was heard: nothing said, no leave to use the microphone, nobody there who knows the language. */
export type Trouble = "notHeard" | "noPermission" | "noListener";
const TROUBLES: Record<string, Trouble> = {
  "not-allowed": "noPermission", network: "noListener", "service-not-allowed": "noListener",
  "language-not-supported": "noListener", "audio-capture": "noListener",
};

/** Listen to one sentence; returns how to stop. ``ended`` is told what was wrong, if anything. */
export function listen(heard: (text: string) => void, ended: (trouble: Trouble | null) => void): () => void {
  const Class = recognitionClass() as RecognitionClass;
  const recognition = new Class();
  let trouble: Trouble | null = "notHeard";
  recognition.lang = "vi-VN";
  recognition.onresult = (event) => {
    trouble = null;
    heard(event.results[0]?.[0].transcript ?? "");
  };
  recognition.onerror = ({ error }) => (trouble = TROUBLES[error] ?? trouble); // onend follows
  recognition.onend = () => ended(trouble);
  recognition.start();
  return () => recognition.abort();
}

/** Read a text aloud, without marks and addresses; whatever was being read stops. */
export function speak(text: string): void {
  const voice = vietnameseVoice();
  if (!voice) return;
  hush();
  // Line by line: browsers fall silent in the middle of one that takes long to say.
  for (const line of text.replace(/https?:\/\/\S+|[☐•]/g, "").split("\n").filter((one) => one.trim())) {
    const saying = new SpeechSynthesisUtterance(line);
    saying.voice = voice;
    saying.lang = voice.lang;
    window.speechSynthesis.speak(saying);
  }
}

export const isSpeaking = (): boolean => window.speechSynthesis?.speaking === true;

export function hush(): void {
  window.speechSynthesis?.cancel();
}
