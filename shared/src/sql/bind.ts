import { withEngineSpaces } from './engine-spaces.ts';
import { quoteLiteral } from './quote.ts';
import { scanParameters } from './scan.ts';

export interface BoundSql {
  readonly sql: string;
  /** The variable names read, each once, in order of first use. */
  readonly variables: readonly string[];
  /** From an offset of `sql` to one of the text as written; an offset inside a rewritten token maps to its start. */
  toOriginal(offset: number): number;
}

/** Rewrites each `$name` to `getvariable('<rename(name)>')`, which views can hold and bound parameters cannot. */
export function bindParameters(written: string, rename: (name: string) => string = (name) => name): BoundSql {
  const sql = withEngineSpaces(written);
  const edits: Edit[] = [];
  const variables = new Set<string>();
  let text = '';
  let copied = 0;
  for (const token of scanParameters(sql)) {
    const variable = rename(token.name);
    variables.add(variable);
    text += sql.slice(copied, token.start);
    const start = text.length;
    text += `getvariable(${quoteLiteral(variable)})`;
    edits.push({ start, end: text.length, originalStart: token.start, originalEnd: token.end });
    copied = token.end;
  }
  text += sql.slice(copied);
  return { sql: text, variables: [...variables], toOriginal: (offset) => mapBack(edits, offset, text.length) };
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly originalStart: number;
  readonly originalEnd: number;
}

function mapBack(edits: readonly Edit[], offset: number, length: number): number {
  const at = Math.max(0, Math.min(offset, length));
  let shift = 0;
  for (const edit of edits) {
    if (at < edit.start) break;
    if (at < edit.end) return edit.originalStart;
    shift = edit.originalEnd - edit.end;
  }
  return at + shift;
}
