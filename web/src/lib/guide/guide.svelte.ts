/**
 * Where a person is in the tour of the example. It belongs to this browser and to one notebook; nothing of it is in the
 * document, so others who open the notebook see none of it.
 */
const KEY = 'guide';
export const STEPS = ['file', 'question', 'chart', 'run', 'share'] as const;
export type Step = (typeof STEPS)[number];

interface Place {
  readonly notebook: string;
  readonly step: number;
}

/** What was stored, when it is a place in the tour. */
export function placeIn(stored: string | null): Place | null {
  const [, notebook, digits] = /^(\S+) (\d+)$/.exec(stored ?? '') ?? [];
  const step = Number(digits);
  return notebook !== undefined && step < STEPS.length ? { notebook, step } : null;
}

/** The next visit to this notebook is guided. */
export function beginGuide(notebook: string): void {
  localStorage.setItem(KEY, `${notebook} 0`);
}

export class Guide {
  at = $state<number | null>(null);
  readonly #notebook: string;

  constructor(notebook: string) {
    this.#notebook = notebook;
    const place = placeIn(localStorage.getItem(KEY));
    if (place?.notebook === notebook) this.at = place.step;
  }

  get step(): Step | null {
    return this.at === null ? null : (STEPS[this.at] ?? null);
  }

  get isLast(): boolean {
    return this.at === STEPS.length - 1;
  }

  move(by: 1 | -1): void {
    if (this.at === null) return;
    this.at = Math.max(0, Math.min(this.at + by, STEPS.length - 1));
    localStorage.setItem(KEY, `${this.#notebook} ${this.at}`);
  }

  leave(): void {
    this.at = null;
    localStorage.removeItem(KEY);
  }
}
