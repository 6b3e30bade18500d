import { characterOffset } from './child/failure.ts';
import type { SqlTree } from './session.ts';

interface Serialized {
  readonly error: boolean;
  readonly statements?: readonly unknown[];
  readonly error_message?: string;
  readonly position?: string;
}

// Readers of the tree walk it recursively; no statement of a person comes near.
const MAX_DEPTH = 2000;

/** Reads the answer of `json_serialize_sql`. */
export function treeOf(json: string, sql: string): SqlTree {
  if (depthOf(json) > MAX_DEPTH) {
    return { kind: 'error', message: 'the statement is nested too deeply; split it into several cells', offset: null };
  }
  const answer = JSON.parse(json) as Serialized;
  if (!answer.error) return { kind: 'tree', statements: answer.statements ?? [] };
  const position = answer.position === undefined ? Number.NaN : Number(answer.position);
  return {
    kind: 'error',
    message: answer.error_message ?? 'the statement cannot be parsed',
    offset: Number.isNaN(position) ? null : characterOffset(sql, position),
  };
}

function depthOf(json: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let at = 0; at < json.length; at += 1) {
    const char = json[at];
    if (quoted) {
      if (char === '\\') at += 1;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === '{' || char === '[') deepest = Math.max(deepest, (depth += 1));
    else if (char === '}' || char === ']') depth -= 1;
  }
  return deepest;
}
