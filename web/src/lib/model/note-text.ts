import type { ModelReport } from '@datacraft/shared';
import { spoken } from '#lib/i18n/said.svelte.ts';

type StoredNote = ModelReport['notes'][number];

/** A note of a report, in the language of the reader; one that was stored as a plain sentence is shown as it is. */
export function noteText(note: StoredNote): string {
  return typeof note === 'string' ? note : spoken(note.message, note.said);
}

/** Each once, warnings first. */
export function notesOf({ notes }: Pick<ModelReport, 'notes'>): { readonly text: string; readonly warns: boolean }[] {
  const told = new Map(notes.map((note) => [noteText(note), typeof note !== 'string' && note.warns === true] as const));
  return [...told].map(([text, warns]) => ({ text, warns })).sort((a, b) => Number(b.warns) - Number(a.warns));
}
