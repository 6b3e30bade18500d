import type { OnlineFeatures } from '@datacraft/engine';
import { ageLimitMs, entityKey } from '@datacraft/engine';
import type { ModelLookup } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import type { OnlineLayer } from './online/layer.ts';

type Row = Readonly<Record<string, unknown>>;

/**
 * Rows with the features they do not give themselves, as feature tables know them now. What is older than its time to
 * live is null, as it was in training. An entity without features is refused.
 */
export async function lookUp(
  online: Pick<OnlineLayer, 'load'>,
  lookups: readonly ModelLookup[],
  rows: readonly unknown[],
  nowMs: number,
): Promise<readonly unknown[]> {
  let found = rows;
  for (const lookup of lookups) found = await filled(online, lookup, found, nowMs);
  return found;
}

async function filled(
  layer: Pick<OnlineLayer, 'load'>,
  lookup: ModelLookup,
  rows: readonly unknown[],
  nowMs: number,
): Promise<unknown[]> {
  const keys = rows.map((row, at) => (isRow(row) && lacks(row, lookup) ? keyOf(lookup, row, at) : null));
  const wanted = keys.filter((key) => key !== null);
  const online = wanted.length === 0 ? new Map() : await layer.load(lookup.relation, wanted);
  return rows.map((row, at) => {
    const key = keys[at] ?? null;
    if (key === null || !isRow(row)) return row;
    const known: OnlineFeatures | undefined = online.get(key);
    if (known !== undefined) return { ...featuresOf(lookup, known, nowMs), ...row };
    const entity = lookup.entity.map((name) => `${name} ${String(row[name])}`).join(', ');
    const message = say('row {row}: {relation} knows no features of {entity}; run its notebook, or give {features}', {
      row: at + 1,
      relation: lookup.relation,
      entity,
      features: lookup.features.join(', '),
    });
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
  const message = say('row {row}: give {entity} to look its features up in {relation}, or give {features}', {
    row: at + 1,
    entity: entity.join(', '),
    relation,
    features: features.join(', '),
  });
  throw new Fault('bad-request', message, { row: at + 1, field: entity[0] ?? '' });
}

function featuresOf({ features, ttl }: ModelLookup, { features: known, at }: OnlineFeatures, nowMs: number): Row {
  const isExpired = ttl !== null && nowMs - Date.parse(at) > ageLimitMs(ttl);
  return Object.fromEntries(features.map((name) => [name, isExpired ? null : (known[name] ?? null)]));
}
