import { say, worded } from '@datacraft/shared';
import { expect, it } from 'vitest';
import { setLocale } from '#lib/i18n/index.svelte.ts';
import { loadSaid } from '#lib/i18n/said.svelte.ts';
import { noteText, notesOf } from './note-text.ts';

it('reads a note in the language of the reader, and one of an old report as it was stored', async () => {
  const note = worded(say('rows left out because they have no target: {count}', { count: 7 }));
  const old = '7 rows without a target were left out';
  expect([note, old].map(noteText)).toEqual(['rows left out because they have no target: 7', old]);
  setLocale('pt-BR');
  await loadSaid('pt-BR');
  expect([note, old].map(noteText)).toEqual(['linhas que ficaram de fora por não ter alvo: 7', old]);
});

it('tells each note once, and warnings first', () => {
  const note = { message: 'a key' };
  const notes = [note, 'old', note, { message: 'too good', warns: true }] as const;
  expect(notesOf({ notes })).toEqual([
    { text: 'too good', warns: true },
    { text: 'a key', warns: false },
    { text: 'old', warns: false },
  ]);
});
