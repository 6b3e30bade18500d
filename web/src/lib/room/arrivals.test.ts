import { Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { Arrivals } from './arrivals.ts';

let clock = 0;
let keyWaits = false;
let waiting: { dueAt: number; work: () => void }[] = [];
let afterKey: () => void = () => {};
let betterBy = 0;
const turn = {
  now: () => clock,
  after(ms: number, work: () => void) {
    const one = { dueAt: clock + ms, work };
    waiting.push(one);
    return () => (waiting = waiting.filter((each) => each !== one));
  },
  isKeyWaiting: () => keyWaits,
  rhythm: {
    isTyping: false,
    better: (at: number) => at + betterBy,
    afterKeys(work: () => void) {
      afterKey = work;
      return () => (afterKey = () => {});
    },
  },
};
const pass = (ms: number): void => {
  clock += ms;
  const due = waiting.filter((one) => one.dueAt <= clock);
  waiting = waiting.filter((one) => one.dueAt > clock);
  for (const { work } of due) work();
};

let theirs: Y.Doc;
let mine: Awareness;
let arrivals: Arrivals;
let edits: Uint8Array[];
const text = () => mine.doc.getText('t').toString();
const type = (letters: string): Uint8Array => {
  theirs.getText('t').insert(theirs.getText('t').length, letters);
  return edits.at(-1) ?? new Uint8Array();
};

beforeEach(() => {
  [clock, keyWaits, betterBy, waiting, edits] = [1_000, false, 0, [], []];
  theirs = new Y.Doc();
  theirs.on('update', (update: Uint8Array) => edits.push(update));
  mine = new Awareness(new Y.Doc());
  arrivals = new Arrivals(mine, 'wire', turn);
});
afterEach(() => mine.destroy());

describe('what comes from the others', () => {
  it('is taken at once when it comes alone, and as one change when much comes', () => {
    const changes: { local: boolean; origin: unknown }[] = [];
    mine.doc.on('afterTransaction', ({ local, origin }: Y.Transaction) => changes.push({ local, origin }));
    arrivals.edit(type('a'));
    expect(text()).toBe('a');
    for (const letter of 'bcd') arrivals.edit(type(letter));
    expect(text()).toBe('a');
    pass(40);
    expect(text()).toBe('abcd');
    expect(changes).toEqual([
      { local: false, origin: 'wire' },
      { local: false, origin: 'wire' },
    ]);
  });

  it('G1 tells of presence after the edits that came before it', () => {
    arrivals.edit(type('a'));
    const other = new Awareness(theirs);
    other.setLocalState({ at: 2 });
    const seen: string[] = [];
    mine.on('change', () => seen.push(text()));
    arrivals.edit(type('b'));
    arrivals.presence(encodeAwarenessUpdate(other, [theirs.clientID]));
    pass(40);
    expect(seen).toEqual(['ab']);
    other.destroy();
  });

  it('G2 lets a key that waits go first, and comes all the same', () => {
    keyWaits = true;
    arrivals.edit(type('a'));
    expect(text()).toBe('');
    for (let turns = 0; turns < 3; turns += 1) pass(0);
    expect(text()).toBe('a');
  });

  it('G3 comes when a key is drawn, and not while one is about to come', () => {
    betterBy = 30;
    arrivals.edit(type('a'));
    pass(29);
    expect(text()).toBe('');
    pass(1);
    expect(text()).toBe('a');
    arrivals.edit(type('b'));
    afterKey();
    expect([text(), waiting.length]).toEqual(['ab', 0]);
    arrivals.destroy();
    arrivals.edit(type('c'));
    afterKey();
    expect(text()).toBe('ab');
  });

  it('is all in the document once it is asked for, and nothing comes twice', () => {
    arrivals.edit(type('a'));
    arrivals.edit(type('b'));
    arrivals.take();
    expect([text(), waiting.length]).toEqual(['ab', 0]);
    arrivals.edit(type('c'));
    arrivals.destroy();
    pass(100);
    expect(text()).toBe('ab');
  });
});
