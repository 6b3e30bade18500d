import type { OnlineFeatures } from '@datacraft/engine';
import { entityKey } from '@datacraft/engine';
import type { ModelLookup } from '@datacraft/shared';
import { Fault } from '@datacraft/shared';
import type { OnlineReader } from './online-reader.ts';

type Row = Readonly<Record<string, unknown>>;

/**
 * Rows with the features they do not give themselves, as feature tables know them now. What is older than its time to
 * live is null, as it was in training. An entity without features is refused.
 */
export async function lookUp(
  online: OnlineReader,
  lookups: readonly ModelLookup[],
  rows: readonly unknown[],
): Promise<readonly unknown[]> {
  let found = rows;
  for (const lookup of lookups) found = await filled(online, lookup, found);
  return found;
}

async function filled(reader: OnlineReader, lookup: ModelLookup, rows: readonly unknown[]): Promise<unknown[]> {
  const keys = rows.map((row, at) => (isRow(row) && lacks(row, lookup) ? keyOf(lookup, row, at) : null));
  const wanted = keys.filter((key) => key !== null);
  const online = wanted.length === 0 ? new Map() : await reader.load(lookup.relation, wanted, lookup.ttl);
  return rows.map((row, at) => {
    const key = keys[at] ?? null;
    if (key === null || !isRow(row)) return row;
    const known: OnlineFeatures | undefined = online.get(key);
    if (known !== undefined) return { ...featuresOf(lookup, known), ...row };
    const entity = lookup.entity.map((name) => `${name} ${String(row[name])}`).join(', ');
    const message = `row ${at + 1}: ${lookup.relation} knows no features of ${entity}; run its notebook, or give ${lookup.features.join(', ')}`;
    throw new Fault('not-found', message, { row: at + 1, relation: lookup.relation });
  });
}

function isRow(row: unknown): row is Row {
  return typeof row === 'object' && row !== null && !Array.isArray(row);
}

function lacks(row: Row, { features }: ModelLookup): boolean {
  return features.some((name) => !Object.hasOwn(row, name));
}

function keyOf({ entity, features, relation }: ModelLookup, row: Row, at: number): string {
  const key = entityKey(entity, row);
  if (key !== null) return key;
  const message = `row ${at + 1}: give ${entity.join(', ')} to look its features up in ${relation}, or give ${features.join(', ')}`;
  throw new Fault('bad-request', message, { row: at + 1, field: entity[0] ?? '' });
}

function featuresOf({ features }: ModelLookup, { features: known, expired }: OnlineFeatures): Row {
  return Object.fromEntries(features.map((name) => [name, expired ? null : (known[name] ?? null)]));
}
