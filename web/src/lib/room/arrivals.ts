/**
 * Edits and presence of the others as they come off the wire: what comes alone is taken at once, what comes with much
 * else once per turn, so that a page is worked out and drawn for all of it and not for each.
 *
 * G1 Edits go into the document in the order of the wire, and presence after the edits that came before it.
 * G2 A key that waits goes first, twice at most: nobody's edit is held back by somebody who types.
 * G3 While somebody types, turns are right after what a key made is drawn, and between keys rather than about one.
 */
import { applyAwarenessUpdate, type Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import type { Rhythm } from './rhythm.ts';

/** Two frames: what is drawn for each of many edits is most of what they cost, and nobody sees them come one by one. */
const TURN_MS = 33;
/** Of somebody who types. The turns after their own keys come on top. */
const TYPING_TURN_MS = 50;
const KEYS_FIRST = 2;

interface Turn {
  now(): number;
  /** Calls `work` after so long; the answer takes it back. */
  after(ms: number, work: () => void): () => void;
  /** Somebody's key or click waits to be heard. */
  isKeyWaiting(): boolean;
  readonly rhythm: Pick<Rhythm, 'isTyping' | 'better' | 'afterKeys'>;
}

export class Arrivals {
  readonly #awareness: Awareness;
  /** What the changes are known to come from. */
  readonly #origin: unknown;
  readonly #turn: Turn;
  #edits: Uint8Array[] = [];
  #presence: Uint8Array[] = [];
  #takenAt = -Infinity;
  #takeBack: (() => void) | null = null;
  readonly #stopListening: () => void;

  constructor(awareness: Awareness, origin: unknown, turn: Turn) {
    this.#awareness = awareness;
    this.#origin = origin;
    this.#turn = turn;
    this.#stopListening = turn.rhythm.afterKeys(() => {
      if (this.#takeBack !== null) this.take();
    });
  }

  edit(update: Uint8Array): void {
    this.#edits.push(update);
    this.#wait();
  }

  presence(update: Uint8Array): void {
    this.#presence.push(update);
    this.#wait();
  }

  /** Takes all that is here now: the next thing to be read may rest on it. */
  take(): void {
    this.#takeBack?.();
    this.#takeBack = null;
    const [edits, presence] = [this.#edits, this.#presence];
    this.#edits = [];
    this.#presence = [];
    if (edits.length > 0) this.#apply(edits);
    for (const update of presence) applyAwarenessUpdate(this.#awareness, update, this.#origin);
    this.#takenAt = this.#turn.now();
  }

  destroy(): void {
    this.#stopListening();
    this.#takeBack?.();
    this.#takeBack = null;
  }

  #apply(edits: readonly Uint8Array[]): void {
    const { doc } = this.#awareness;
    const all = (): void => edits.forEach((update) => Y.applyUpdate(doc, update, this.#origin));
    Y.transact(doc, all, this.#origin, false);
  }

  #wait(): void {
    if (this.#takeBack !== null) return;
    const { rhythm, now } = this.#turn;
    const turnMs = rhythm.isTyping ? TYPING_TURN_MS : TURN_MS;
    const dueInMs = rhythm.better(Math.max(now(), this.#takenAt + turnMs)) - now();
    if (dueInMs <= 0 && !this.#turn.isKeyWaiting()) return this.take();
    this.#takeBack = this.#turn.after(Math.max(0, dueInMs), () => this.#due(KEYS_FIRST));
  }

  #due(keysFirst: number): void {
    if (keysFirst === 0 || !this.#turn.isKeyWaiting()) return this.take();
    this.#takeBack = this.#turn.after(0, () => this.#due(keysFirst - 1));
  }
}

/** Only Chromium tells that a key waits. */
export function browserTurn(rhythm: Rhythm): Turn {
  const { scheduling } = navigator as Navigator & { scheduling?: { isInputPending?: () => boolean } };
  return {
    now: () => performance.now(),
    after(ms, work) {
      const timer = setTimeout(work, ms);
      return () => clearTimeout(timer);
    },
    isKeyWaiting: () => scheduling?.isInputPending?.() ?? false,
    rhythm,
  };
}
