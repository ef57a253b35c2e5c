// Text size and voice: kept on the device, apart from the conversation.

const KEY = "motcua.preferences";
export const SIZES = [0.875, 1, 1.15, 1.3, 1.5, 1.75, 2];

export interface Preferences {
  size: number; // place in SIZES
  voice: boolean;
}

export function load(): Preferences {
  const standard = { size: 1, voice: false };
  try {
    const saved = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Preferences>;
    return { size: saved.size !== undefined && saved.size in SIZES ? saved.size : 1, voice: saved.voice === true };
  } catch {
    return standard;
  }
}

export function save(preferences: Preferences): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(preferences));
  } catch {
    // Not allowed to keep anything: it holds until the page is left.
  }
}
