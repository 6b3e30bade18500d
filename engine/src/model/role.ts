import type { Column, ModelNote, ModelSpec, Words } from '@datacraft/shared';
import { nearest, say, worded } from '@datacraft/shared';
import type { FeatureKind } from './feature.ts';

export interface FeatureColumn extends Column {
  readonly kind: FeatureKind;
}

/** What each column of the table is to the model. */
export interface Roles {
  readonly features: readonly FeatureColumn[];
  readonly target: Column | null;
  readonly keys: readonly Column[];
  readonly notes: readonly ModelNote[];
}

export interface RoleProblem {
  /** The key of the cell's text that is at fault, and the word in it. */
  readonly key: keyof ModelSpec;
  readonly word: string;
  readonly message: Words;
}

const NUMBER = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\(.*\))$/;
const TIME = /^(DATE|TIMESTAMP.*)$/;
const WORD = /^(VARCHAR|UUID|ENUM\(.*\))$/;

/** Null for what cannot be learned from: lists, structs, blobs. */
export function kindOf(type: string): FeatureKind | null {
  if (NUMBER.test(type)) return 'number';
  if (type === 'BOOLEAN') return 'boolean';
  if (TIME.test(type)) return 'time';
  return WORD.test(type) ? 'category' : null;
}

/**
 * `identifiers` are columns that name the row: different in each. They are keys unless the cell lists them as features.
 */
export function rolesOf(
  spec: ModelSpec,
  columns: readonly Column[],
  identifiers: ReadonlySet<string>,
  entities: readonly string[] = [],
): Roles | RoleProblem {
  const found = (name: string) => columns.find((column) => column.name === name);
  const target = spec.target === undefined || spec.task === 'clustering' ? null : found(spec.target);
  if (target === undefined) return unknown('target', spec.target ?? '', spec.from, columns);
  const aside = new Set(
    [spec.target, spec.time_column, spec.split?.by, ...entities].filter((name) => name !== undefined),
  );
  const listed = spec.features === undefined ? null : [spec.features].flat();
  const missing = listed?.find((name) => found(name) === undefined);
  if (missing !== undefined) return unknown('features', missing, spec.from, columns);
  if (target !== null && listed?.includes(target.name) === true) return same(target.name);
  const wanted =
    listed === null
      ? columns.filter(({ name }) => !aside.has(name) && !identifiers.has(name))
      : listed.flatMap((name) => found(name) ?? []);
  const odd = wanted.filter(({ type }) => kindOf(type) === null);
  const [first] = odd;
  if (listed !== null && first !== undefined) return unusable(first);
  const features = wanted.flatMap((column) => {
    const kind = kindOf(column.type);
    return kind === null ? [] : [{ ...column, kind }];
  });
  const used = new Set([...features.map(({ name }) => name), ...(target === null ? [] : [target.name])]);
  return {
    features,
    target,
    keys: columns.filter(({ name }) => !used.has(name)),
    notes: notesOf(odd, listed, identifiers),
  };
}

function notesOf(
  odd: readonly Column[],
  listed: readonly string[] | null,
  identifiers: ReadonlySet<string>,
): ModelNote[] {
  const skipped = odd.map(({ name, type }) =>
    say('`{name}` was left out: {type} cannot be learned from', { name, type }),
  );
  const keys = [...(listed === null ? identifiers : [])].map((name) =>
    say('`{name}` differs in every row: a key, not a feature; list it in `features` to learn from it', { name }),
  );
  return [...skipped, ...keys].map(worded);
}

function unknown(key: keyof ModelSpec, word: string, from: string, columns: readonly Column[]): RoleProblem {
  const names = columns.map(({ name }) => name);
  const meant = nearest(word, names);
  const hint =
    meant === null
      ? say('it has {names}', { names: names.slice(0, 12).join(', ') })
      : say('did you mean `{meant}`?', { meant });
  return { key, word, message: say('`{from}` has no column `{word}`: {hint}', { from, word, hint }) };
}

function same(name: string): RoleProblem {
  return { key: 'features', word: name, message: say('`{name}` is the target: it cannot be a feature too', { name }) };
}

function unusable({ name, type }: Column): RoleProblem {
  const message = say('`{name}` is {type}: features are numbers, booleans, times and text; take a part of it first', {
    name,
    type,
  });
  return { key: 'features', word: name, message };
}
