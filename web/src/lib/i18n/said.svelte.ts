/**
 * What the server said, in the language of the reader. The catalogue of its sentences is as large as that of the whole
 * interface, so only readers of another language than the server's fetch it, once; until it is here, English stands.
 */
import type { Said } from '@datacraft/shared';
import { locale } from './index.svelte.ts';
import type { Locale } from './locale.ts';

type Translate = (words: string | Said) => string | null;

let translate = $state.raw<Translate | null>(null);

/** Null when what was said is not ours, or needs no other language. */
export function saidHere(words: string, said?: Said): string | null {
  return locale() === 'en' ? null : (translate?.(said ?? words) ?? null);
}

/** What was said, in the language of the reader as far as it is ours. */
export function spoken(words: string, said?: Said | null): string {
  return saidHere(words, said ?? undefined) ?? words;
}

export async function loadSaid(language: Locale): Promise<void> {
  if (language === 'en' || translate !== null) return;
  try {
    const { inPortuguese } = await import('@datacraft/shared/portuguese');
    translate = inPortuguese;
  } catch {
    return; // The line is down: English stands, below a line of ours, and the next choice of a language asks again.
  }
}
