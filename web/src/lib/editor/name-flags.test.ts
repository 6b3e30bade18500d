import type { EditorView, ViewUpdate } from '@codemirror/view';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { TextPresence } from '#lib/room/carets.ts';
import { NameFlags } from './name-flags.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface Caret {
  name: string;
  moved: boolean;
}

/** An editor that draws a caret for each name, and presence that tells what it is told. */
function editorOf(...names: string[]) {
  const states = new Map<number, Record<string, unknown>>();
  const put = (id: number, at: number) => states.set(id, { user: { name: names[id] }, cursor: { head: at } });
  for (const id of names.keys()) put(id, 0);
  let carets: Caret[] = [];
  let looks = 0;
  const draw = () => (carets = names.map((name) => ({ name, moved: false })));
  draw();
  const elementOf = (caret: Caret) => ({
    classList: { toggle: (_: string, is: boolean) => (caret.moved = is) },
    querySelector: () => ({ textContent: caret.name }),
  });
  const view = {
    contentDOM: { querySelectorAll: () => (looks++, carets.map(elementOf)) },
    requestMeasure: ({ write }: { write: () => void }) => write(),
  } as unknown as EditorView;
  let tell: (id: number) => void = () => undefined;
  const presence = {
    getStates: () => states,
    on: (_: string, listener: (change: { updated: number[] }) => void) => (tell = (id) => listener({ updated: [id] })),
    off: () => (tell = () => undefined),
  } as unknown as TextPresence;
  const flags = new NameFlags(view, presence);
  const move = (id: number, at: number) => {
    put(id, at);
    tell(id);
  };
  const moved = () => carets.filter((one) => one.moved).map(({ name }) => name);
  return { flags, states, move, moved, draw, tell: (id: number) => tell(id), looks: () => looks };
}
const typed = { docChanged: true, viewportChanged: false } as ViewUpdate;

it('shows the name of who moves, and of nobody else, until they rest', () => {
  const { move, moved } = editorOf('Ana', 'Bruno');
  expect(moved()).toEqual([]);
  move(1, 4);
  expect(moved()).toEqual(['Bruno']);
  vi.advanceTimersByTime(2_000);
  move(1, 5);
  vi.advanceTimersByTime(2_000);
  expect(moved()).toEqual(['Bruno']);
  vi.advanceTimersByTime(1_000);
  expect(moved()).toEqual([]);
  move(1, 6);
  expect(moved()).toEqual(['Bruno']);
});

it('takes no other news about a person for a movement', () => {
  const { moved, tell } = editorOf('Ana');
  tell(0);
  expect(moved()).toEqual([]);
});

it('keeps the name at a caret that is drawn anew while another types, and looks for none while all rest', () => {
  const { flags, move, moved, draw, looks } = editorOf('Ana');
  flags.update(typed);
  expect(looks()).toBe(0);
  move(0, 1);
  draw();
  flags.update(typed);
  expect(moved()).toEqual(['Ana']);
});

it('forgets who left, and is still once it has ended', () => {
  const { flags, states, move, moved, tell } = editorOf('Ana', 'Bruno');
  states.delete(0);
  tell(0);
  move(0, 0);
  expect(moved()).toEqual(['Ana']);
  flags.destroy();
  expect(vi.getTimerCount()).toBe(0);
});
