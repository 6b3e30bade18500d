import type { Json } from '@datacraft/shared';
import type { SqlToken } from './sql-token.ts';

/** Keys that document a cell, or say how it is made, and change no row. `columns` of a source declares types and stays. */
const documentation: Readonly<Record<string, readonly string[]>> = {
  sql: ['description', 'tags', 'columns', 'export'],
  transform: ['description', 'tags', 'columns', 'export', 'from', 'steps'],
  source: ['description', 'tags', 'max_bad_ratio'],
};
const documentationEverywhere = ['description', 'tags'];
const limits = ['retries', 'attempt_timeout', 'total_timeout'];
/** Said by the relation and by `materialize` of the compiled cell, so that writing a default changes nothing. */
const resolved = ['layer', 'materialize'];

/** The spec with sorted keys, without documentation and without what was resolved elsewhere. */
export function meaningOfSpec(kind: string, spec: object): string {
  const left = new Set([...(documentation[kind] ?? documentationEverywhere), ...limits, ...resolved]);
  return canonicalJson(Object.fromEntries(Object.entries(spec).filter(([key]) => !left.has(key))));
}

/**
 * The tree without locations: blind to white space, comments and keyword case. Numbers of 16 digits and more are added
 * as written, because JSON rounds them in the tree.
 */
export function meaningOfStatement(statement: unknown, text: string, tokens: readonly SqlToken[]): string {
  const longNumbers = tokens
    .filter((token) => token.kind === 'number' && token.end - token.start >= 16)
    .map((token) => text.slice(token.start, token.end));
  try {
    const tree = JSON.stringify(statement, (key, value: unknown) => (key === 'query_location' ? undefined : value));
    return [tree, ...longNumbers].join('\n');
  } catch (error) {
    // Trees deeper than JSON.stringify's stack: their text is a finer meaning, never a coarser one.
    if (error instanceof RangeError) return text;
    throw error;
  }
}

export function canonicalJson(value: unknown): string {
  return JSON.stringify(sorted(value)) ?? 'null';
}

function sorted(value: unknown): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return scalar(value);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}

function scalar(value: unknown): Json {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}
