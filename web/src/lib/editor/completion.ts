import type { Completion, CompletionContext, CompletionResult, CompletionSource } from '@codemirror/autocomplete';
import { syntaxTree } from '@codemirror/language';
import { functions, keywordList } from './dialect.ts';

/** What can be named in a cell: made fresh for each completion, so it is never out of date. */
export interface Names {
  /** Cells and published tables: what may stand after FROM. */
  relations: readonly { name: string; detail: string; columns: readonly { name: string; type: string }[] }[];
  inputs: readonly string[];
}

export function sqlCompletion(names: () => Names): CompletionSource {
  return (context) => {
    if (inProse(context)) return null;
    return atDollar(context, names()) ?? afterDot(context, names()) ?? atWord(context, names());
  };
}

/** In a comment or a string Enter must stay Enter: nothing is proposed unasked. */
function inProse(context: CompletionContext): boolean {
  if (context.explicit) return false;
  return /Comment|String/.test(syntaxTree(context.state).resolveInner(context.pos, -1).name);
}

function atDollar(context: CompletionContext, names: Names): CompletionResult | null {
  const word = context.matchBefore(/\$\w*/);
  if (!word) return null;
  return {
    from: word.from,
    options: names.inputs.map((name) => ({ label: `$${name}`, type: 'variable', detail: 'input' })),
    validFor: /^\$\w*$/,
  };
}

/** `orders.` proposes its columns, `silver.` the tables of the layer. */
function afterDot(context: CompletionContext, names: Names): CompletionResult | null {
  const word = context.matchBefore(/[A-Za-z_]\w*\.\w*/);
  if (!word) return null;
  const [owner = ''] = word.text.split('.');
  const relation =
    names.relations.find((known) => known.name === resolveAlias(context, owner)) ??
    names.relations.find((known) => known.name === owner);
  const columns = (relation?.columns ?? []).map((column): Completion => ({
    label: column.name,
    type: 'property',
    detail: column.type.toLowerCase(),
  }));
  const tables = names.relations
    .filter((known) => known.name.startsWith(`${owner}.`))
    .map((known): Completion => ({ label: known.name.slice(owner.length + 1), type: 'class', detail: known.detail }));
  const options = [...columns, ...tables];
  return options.length === 0 ? null : { from: word.from + owner.length + 1, options, validFor: /^\w*$/ };
}

function atWord(context: CompletionContext, names: Names): CompletionResult | null {
  const word = context.matchBefore(/[A-Za-z_]\w*/);
  if (!word && !context.explicit) return null;
  const text = context.state.doc.toString();
  const used = names.relations.filter((known) => new RegExp(`\\b${known.name.replace('.', '\\.')}\\b`).test(text));
  const columns = new Map(
    used.flatMap((known) => known.columns.map((column) => [column.name, { ...column, of: known.name }])),
  );
  const options: Completion[] = [
    ...names.relations.map((known): Completion => ({
      label: known.name,
      type: 'class',
      detail: known.detail,
      boost: 3,
    })),
    ...[...columns.values()].map((column): Completion => ({
      label: column.name,
      type: 'property',
      detail: `${column.of} ${column.type.toLowerCase()}`,
      boost: 4,
    })),
    ...functions.map((name): Completion => ({
      label: name,
      type: 'function',
      apply: `${name}(`,
      detail: 'function',
      boost: 0,
    })),
    ...keywordList.map((label): Completion => ({ label, type: 'keyword', boost: 1 })),
  ];
  return { from: word?.from ?? context.pos, options, validFor: /^\w*$/ };
}

/** `from orders o` makes `o` an alias of `orders`. */
function resolveAlias(context: CompletionContext, alias: string): string {
  const text = context.state.doc.toString();
  const match = new RegExp(`\\b(?:from|join)\\s+([\\w.]+)\\s+(?:as\\s+)?${alias}\\b`, 'i').exec(text);
  return match?.[1] ?? alias;
}
