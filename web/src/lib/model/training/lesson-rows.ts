import {
  distinctCounts,
  entityOf,
  type FeatureFacts,
  featureColumns,
  identifierCandidates,
  kindOf,
  learnRows,
  learnSelect,
  type Lesson,
  planLesson,
  pointInTime,
} from '@datacraft/engine/learning';
import type { Column, JsonObject, ModelLookup, ModelReport, ModelSpec, Words } from '@datacraft/shared';
import { asSaid, english, quoteIdentifier, type Said, validateConfig } from '@datacraft/shared';
import { tableFromIPC } from 'apache-arrow';
import type { Extent } from '#lib/preview/extent.ts';

/** More rows are sampled: a preview answers while somebody waits. */
export const MOST_ROWS = 20_000;
const NO_LIMIT = 1_000_000;

/** The engine of the notebook, as far as it is asked here. */
export interface Reader {
  select(text: string, limit: number, signal: AbortSignal): Promise<{ bytes: Uint8Array; extent: Extent }>;
  describe(text: string, signal: AbortSignal): Promise<Column[]>;
}

/** A feature table of the notebook by the name that the model knows it by. */
export interface FeatureTable {
  readonly relation: string;
  readonly facts: FeatureFacts;
}

export interface LessonRows {
  readonly lesson: Lesson;
  readonly rows: Uint8Array;
  readonly count: number;
  /** All rows there are, when fewer are learned from. */
  readonly of: number | null;
  /** All that a run would learn from, so that the model is the one it would make. */
  readonly isWhole: boolean;
  readonly notes: ModelReport['notes'];
}

/** Something is wrong with what the cell says. */
export class Unfit extends Error {
  readonly said: Said;
  constructor(words: Words) {
    super(english(words));
    this.said = asSaid(words);
  }
}

/** What a model cell would learn from, read by the SQL of a run. */
export async function lessonRows(
  config: JsonObject,
  tables: ReadonlyMap<string, FeatureTable>,
  reader: Reader,
  signal: AbortSignal,
): Promise<LessonRows> {
  const { spec, issues } = validateConfig('model', config);
  if (spec === null) throw new Unfit(issues[0]?.message ?? 'the model is not whole yet');
  const all = `select * from ${inSql(spec.from)}`;
  const [counted, extent] = await firstRow(reader, `select count(*)::double from (${all})`, signal);
  const total = counted[0] ?? 0;
  const isCut = total > MOST_ROWS;
  const rows = isCut ? `select * from (${all}) using sample reservoir(${MOST_ROWS} rows) repeatable (42)` : all;
  const { select, lookups, isWhole } = await withFeatures(spec, rows, tables, reader, signal);
  const learned = `with "__learn" as (${learnRows(select)})`;
  const columns = await reader.describe(select, signal);
  const candidates = identifierCandidates(spec, columns);
  const [found] = await firstRow(reader, `${learned} ${distinctCounts(candidates)}`, signal);
  const [count = 0, ...distinct] = found;
  const identifiers = new Set(candidates.filter((_, at) => count > 1 && distinct[at] === count));
  const planned = planLesson(spec, { columns, identifiers, lookups });
  if ('message' in planned) throw new Unfit(planned.message);
  const { lesson, roles, by } = planned;
  const text = `${learned} ${learnSelect(roles, spec.task === 'classification', by)}`;
  const { bytes } = await reader.select(text, NO_LIMIT, signal);
  const same = extent.kind === 'full' && isWhole && !isCut;
  return { lesson, rows: bytes, count, of: isCut ? total : null, isWhole: same, notes: roles.notes };
}

async function firstRow(reader: Reader, text: string, signal: AbortSignal): Promise<readonly [number[], Extent]> {
  const { bytes, extent } = await reader.select(text, 1, signal);
  const table = tableFromIPC(bytes);
  const values = table.schema.fields.map((_, at) => Number(table.getChildAt(at)?.get(0) ?? 0));
  return [values, extent];
}

/** Joined with its feature tables as of the time of each row. */
async function withFeatures(
  spec: ModelSpec,
  rows: string,
  tables: ReadonlyMap<string, FeatureTable>,
  reader: Reader,
  signal: AbortSignal,
): Promise<{ select: string; lookups: ModelLookup[]; isWhole: boolean }> {
  const lookups: ModelLookup[] = [];
  const joined = [];
  let isWhole = true;
  for (const name of [spec.feature_tables ?? []].flat()) {
    const known = tables.get(name);
    if (known === undefined) throw new UnknownFeatures(name);
    const text = `select * from ${inSql(name)}`;
    const [, extent] = await firstRow(reader, `select count(*)::double from (${text})`, signal);
    isWhole &&= extent.kind === 'full';
    const features = featureColumns(known.facts, await reader.describe(text, signal));
    joined.push({ relation: inSql(name), facts: known.facts, features });
    lookups.push({
      relation: known.relation,
      entity: entityOf(known.facts),
      features: features.filter(({ type }) => kindOf(type) !== null).map((feature) => feature.name),
      ttl: known.facts.ttl ?? null,
    });
  }
  return { select: pointInTime(rows, spec.time_column ?? '', joined), lookups, isWhole };
}

const inSql = (name: string) => name.split('.').map(quoteIdentifier).join('.');

/** A feature table that is not a cell of this notebook. */
export class UnknownFeatures extends Error {
  readonly table: string;
  constructor(table: string) {
    super(`${table} is no feature table of this notebook`);
    this.table = table;
  }
}
