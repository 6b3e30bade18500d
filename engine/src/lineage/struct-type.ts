import type { Node } from './tree.ts';
import { nodeOf, nodesOf, textOf } from './tree.ts';

export interface Field {
  readonly name: string;
  readonly type: string | null;
}

/** The fields of `STRUCT(a INTEGER, "b c" STRUCT(d DATE))`; null when the type is another one. */
export function fieldsOf(type: string | null): readonly Field[] | null {
  const inside = /^STRUCT\((.*)\)$/is.exec(type ?? '')?.[1];
  if (inside === undefined) return null;
  return splitFields(inside).map((text) => {
    const [, quoted, plain, rest] = /^\s*(?:"((?:[^"]|"")*)"|(\S+))\s+(.*)$/s.exec(text) ?? [];
    return { name: quoted?.replaceAll('""', '"') ?? plain ?? text.trim(), type: rest?.trim() ?? null };
  });
}

function splitFields(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === '"') quoted = !quoted;
    else if (!quoted && char === '(') depth += 1;
    else if (!quoted && char === ')') depth -= 1;
    else if (!quoted && depth === 0 && char === ',') {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}

/** The type of a list's elements; null when it is no list. */
export function elementOf(type: string | null): string | null {
  return type?.endsWith('[]') === true ? type.slice(0, -2) : null;
}

export function fieldType(type: string | null, path: readonly string[]): string | null {
  let at = type;
  for (const name of path)
    at = fieldsOf(at)?.find((field) => field.name.toLowerCase() === name.toLowerCase())?.type ?? null;
  return at;
}

export function structType(fields: readonly Field[]): string {
  return `STRUCT(${fields.map(({ name, type }) => `"${name.replaceAll('"', '""')}" ${type ?? 'UNKNOWN'}`).join(', ')})`;
}

/** A type as the tree of a cast has it. */
export function typeOfCast(type: Node | null): string | null {
  const info = nodeOf(type?.['type_info']);
  if (type?.['id'] === 'LIST') return `${typeOfCast(nodeOf(info?.['child_type'])) ?? 'UNKNOWN'}[]`;
  if (type?.['id'] !== 'STRUCT') return textOf(type?.['id']) || null;
  return structType(
    nodesOf(info?.['child_types']).map((each) => ({
      name: textOf(each['first']),
      type: typeOfCast(nodeOf(each['second'])),
    })),
  );
}
