import { figureText } from './figure.ts';
import { portuguese, reason, type Reason } from './portuguese/index.ts';
import type { Said, SaidValue, Words } from './said.ts';
import { filled, listed } from './said.ts';

const catalogue: Readonly<Record<string, string>> = portuguese;
const joiners = { or: 'ou', and: 'e' } as const;

export { portuguese, reason, type Reason };
export { reasonSaid } from './reason-said.ts';

/** The Portuguese of what was said; null when it is not ours. */
export function inPortuguese(words: Words): string | null {
  const { key, values }: Said = typeof words === 'string' ? { key: words } : words;
  const text = Object.hasOwn(catalogue, key) ? catalogue[key] : undefined;
  return text === undefined ? null : filled(text, values, shown);
}

function shown(value: SaidValue): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if ('figure' in value) return figureText(value, 'pt-BR');
  if ('list' in value) return listed(value.list.map(shown), joiners[value.by]);
  return inPortuguese(value) ?? filled(value.key, value.values, shown);
}
