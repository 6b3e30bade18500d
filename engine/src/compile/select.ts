import type { RelationRef, Words } from '@datacraft/shared';
import { nearest, relationName, say, asSaid } from '@datacraft/shared';
import type { SqlTree } from '../duckdb/session.ts';
import { isAllowed, isUnrepeatable, refusalOf } from './allowed-function.ts';
import { meaningOfStatement } from './meaning.ts';
import type { Names } from './names.ts';
import { intervalParameters, meaningOfName } from './names.ts';
import { offsetOfByte } from './position.ts';
import { didYouMean } from './report.ts';
import type { SqlReads, TableRead } from './sql-reads.ts';
import { readsOf } from './sql-reads.ts';
import type { SqlToken } from './sql-token.ts';
import { isEmptyStatement, statementText, tokensOf } from './sql-token.ts';

export type Parse = (sql: string) => Promise<SqlTree>;

/** A finding in a SELECT: `offset` is a UTF-16 position in its text, null when the place is not known. */
export interface SelectFinding {
  readonly severity: 'error' | 'warning' | 'info';
  readonly code: string;
  readonly message: Words;
  readonly suggestion: string | null;
  readonly offset: number | null;
}

/** One SELECT, read against the names of a notebook. It may run only when none of `findings` is an error. */
export interface CompiledSelect {
  /** Null when the text is empty or not one SELECT. */
  readonly sql: string | null;
  readonly dependsOn: readonly string[];
  readonly inputs: readonly string[];
  /** Models it asks: `predict_<name>(row)`. */
  readonly models: readonly string[];
  readonly tables: readonly RelationRef[];
  /** Rows set aside by cells of this notebook; those cells are in `dependsOn`. */
  readonly sides: readonly RelationRef[];
  readonly meaning: string;
  readonly findings: readonly SelectFinding[];
  /** Where each cell is first named. */
  readonly places: ReadonlyMap<string, number>;
}

export async function readSelect(text: string, names: Names, parse: Parse): Promise<CompiledSelect> {
  const tokens = tokensOf(text);
  if (isEmptyStatement(text, tokens)) {
    return unread('', [finding('empty-cell', 'the cell is empty: write one SELECT', null, null, 'info')]);
  }
  const nul = text.indexOf('\0');
  if (nul >= 0) return unread(text, [finding('sql-syntax', 'the text holds a NUL character: delete it', nul)]);
  const tree = await parse(text);
  if (tree.kind === 'error') return unread(text, [parseFinding(text, tokens, tree)]);
  const [statement] = tree.statements;
  if (statement === undefined || tree.statements.length > 1) {
    const second = startOfSecond(text, tokens);
    return unread(text, [finding('not-a-select', ONE_SELECT, second)]);
  }
  return resolve(text, tokens, statement, names);
}

function unread(text: string, findings: readonly SelectFinding[]): CompiledSelect {
  return {
    sql: null,
    dependsOn: [],
    inputs: [],
    models: [],
    tables: [],
    sides: [],
    meaning: text,
    findings,
    places: new Map(),
  };
}

function parseFinding(text: string, tokens: readonly SqlToken[], tree: SqlTree & { kind: 'error' }): SelectFinding {
  if (!/only select statements/i.test(tree.message)) return finding('sql-syntax', tree.message, tree.offset);
  const first = tokens.find((token) => token.kind !== 'comment');
  const word = first === undefined ? '' : text.slice(first.start, first.end);
  const second = startOfSecond(text, tokens);
  if (second !== null) return finding('not-a-select', ONE_SELECT, second);
  const message = /^pivot/i.test(word)
    ? 'a PIVOT needs its list of values to be a SELECT: `pivot t on column in (…) using …`'
    : say('a cell holds one SELECT, not {word}: tables are made by the cell itself', { word: word.toUpperCase() });
  return finding('not-a-select', message, first?.start ?? null);
}

const ONE_SELECT = 'a cell holds exactly one SELECT: move the rest to a cell of its own';

function startOfSecond(text: string, tokens: readonly SqlToken[]): number | null {
  const end = tokens.findIndex((token) => token.kind === 'symbol' && text[token.start] === ';');
  if (end < 0) return null;
  const next = tokens.slice(end + 1).find((token) => token.kind !== 'comment' && text[token.start] !== ';');
  return next?.start ?? null;
}

function resolve(text: string, tokens: readonly SqlToken[], statement: unknown, names: Names): CompiledSelect {
  const reads = readsOf(statement);
  const places = new Map<string, number>();
  const tables = new Map<string, RelationRef>();
  const sides = new Map<string, RelationRef>();
  const findings = [...refusedCalls(text, reads), ...unrepeatableCalls(text, reads)];
  for (const read of reads.tables) {
    const at = offsetOfByte(text, read.at);
    const problem = refusedTable(text, read, at);
    if (problem !== null) {
      findings.push(problem);
      continue;
    }
    const meaning = meaningOfName(names, read.schema, read.name);
    if (meaning.kind === 'unknown') {
      findings.push(
        finding(
          'unknown-name',
          say('{message}{meant}', { message: asSaid(meaning.message), meant: didYouMean(meaning.suggestion) }),
          at,
          meaning.suggestion,
        ),
      );
      continue;
    }
    if (meaning.kind === 'table') {
      tables.set(relationName(meaning.ref), meaning.ref);
      continue;
    }
    if (meaning.kind === 'side') sides.set(relationName(meaning.ref), meaning.ref);
    const cell = meaning.kind === 'side' ? meaning.cell : meaning.name;
    if (!places.has(cell)) places.set(cell, at ?? 0);
  }
  const models = modelsIn(reads);
  for (const model of models) if (names.kinds.get(model) === 'model' && !places.has(model)) places.set(model, 0);
  const parameters = resolveParameters(text, tokens, reads, names);
  return {
    sql: statementText(text, tokens),
    dependsOn: [...places.keys()],
    inputs: parameters.inputs,
    models,
    tables: [...tables.values()],
    sides: [...sides.values()],
    meaning: meaningOfStatement(statement, text, tokens),
    findings: [...findings, ...parameters.findings],
    places: new Map([...places, ...parameters.places]),
  };
}

const PREDICT = /^predict_([a-z][a-z0-9_]*)$/;

function modelsIn({ functions }: SqlReads): string[] {
  const found = functions.flatMap(({ kind, name }) => (kind === 'scalar' ? (PREDICT.exec(name)?.[1] ?? []) : []));
  return [...new Set(found)].sort();
}

function refusedCalls(text: string, reads: SqlReads): SelectFinding[] {
  const calls = reads.functions
    .filter((call) => !isAllowed(call))
    .map((call) => {
      const code = call.kind === 'table' ? 'table-function-refused' : 'function-refused';
      return finding(code, refusalOf(call), offsetOfByte(text, call.at));
    });
  const listings = reads.listings.map(({ at }) =>
    finding(
      'not-a-select',
      'SHOW lists the catalogue of the engine: read the tables you need by name',
      offsetOfByte(text, at),
    ),
  );
  return [...calls, ...listings];
}

function unrepeatableCalls(text: string, reads: SqlReads): SelectFinding[] {
  return reads.functions.filter(isUnrepeatable).map((call) => {
    const message = say('`{name}` gives another answer in every run, while a fresh cell is not run again', {
      name: call.name,
    });
    return finding('not-repeatable', message, offsetOfByte(text, call.at), null, 'info');
  });
}

/** Names that are not plain: files, other catalogues, other snapshots. */
function refusedTable(text: string, read: TableRead, at: number | null): SelectFinding | null {
  if (read.catalog !== '') {
    const message = say("`{catalog}.{schema}.{name}` names a catalogue: write a cell's name or `layer.name`", {
      catalog: read.catalog,
      schema: read.schema,
      name: read.name,
    });
    return finding('unknown-name', message, at);
  }
  const isLiteral = at !== null && text[at] === "'";
  if (isLiteral || /[/\\.*:]/.test(read.name)) {
    const message = say(
      "'{name}' would read a file, which a cell may not do by itself: add a source cell and read from that",
      { name: read.name },
    );
    return finding('file-refused', message, at);
  }
  if (read.timeTravel) return finding('unsupported-clause', 'AT (…) is not built yet: read the current rows', at);
  return null;
}

interface ParameterReading {
  inputs: string[];
  findings: SelectFinding[];
  places: Map<string, number>;
}

/** The tree has parameters without their places; the tokens have both. */
function resolveParameters(text: string, tokens: readonly SqlToken[], reads: SqlReads, names: Names): ParameterReading {
  const reading: ParameterReading = { inputs: [], findings: [], places: new Map() };
  const seen = new Set<string>();
  for (const name of reads.parameters) {
    const token = tokens.find((each) => each.kind === 'parameter' && text.slice(each.start + 1, each.end) === name);
    const offset = token?.start ?? positional(text, tokens);
    const input = names.parameters.get(name);
    if (input === undefined) {
      if (names.builtin?.has(name) !== true) reading.findings.push(unknownParameter(name, names, offset));
    } else if (!seen.has(input)) {
      seen.add(input);
      reading.inputs.push(input);
      reading.places.set(input, offset ?? 0);
    }
  }
  reading.inputs.sort();
  return reading;
}

function positional(text: string, tokens: readonly SqlToken[]): number | null {
  return tokens.find((token) => token.kind === 'symbol' && text[token.start] === '?')?.start ?? null;
}

function unknownParameter(name: string, names: Names, offset: number | null): SelectFinding {
  if (/^\d+$/.test(name)) {
    return finding('unknown-parameter', 'parameters have names: add an input cell and write `$name`', offset);
  }
  if (intervalParameters.has(name)) {
    const message = say(
      '`${name}` is bound in cells that record their intervals: give this one `materialize: incremental`, `time_column` and `start`, or add an input cell of that name',
      { name },
    );
    return finding('unknown-parameter', message, offset);
  }
  const starts = names.kinds.get(name) === 'input' ? `${name}_start` : null;
  const meant = starts ?? nearest(name, [...names.parameters.keys()]);
  const suggestion = meant === null ? null : `$${meant}`;
  const message = say('no input binds `${name}`{meant}', {
    name,
    meant: didYouMean(suggestion) || say(': add an input cell of that name'),
  });
  return finding('unknown-parameter', message, offset, suggestion);
}

function finding(
  code: string,
  message: Words,
  offset: number | null,
  suggestion: string | null = null,
  severity: SelectFinding['severity'] = 'error',
): SelectFinding {
  return { severity, code, message, suggestion, offset };
}
