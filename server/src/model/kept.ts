import { looksPersonal } from '../catalog/personal.ts';

const HIDDEN = '•••';

/**
 * What is written down of a row or an answer: all of what the model learned from, for it is needed to compute the answer
 * again; of the rest, what looks like a CPF, CNPJ, e-mail or phone is left out.
 */
export function keptOf(row: unknown, features: ReadonlySet<string>): unknown {
  if (typeof row !== 'object' || row === null) return row;
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      !features.has(name) && typeof value === 'string' && looksPersonal(value) ? HIDDEN : value,
    ]),
  );
}
