import { Fault, relationName, say } from '@datacraft/shared';
import { canPromote } from './evolve-schema.ts';
import { highestId, type IceField, type IceType } from './field-type.ts';
import { schemaOf, type TableMetadata } from './metadata.ts';
import type { StagedTable } from './table.ts';

/**
 * The schema after a commit whose files were written against an older state. Field ids are in the files and cannot
 * change, so what was added meanwhile must either be the same column or not share an id (W4). Otherwise the write has
 * to be planned again: `publish-conflict`.
 */
export function mergeStaged(metadata: TableMetadata, staged: StagedTable): readonly IceField[] {
  const current = schemaOf(metadata).fields;
  const base = staged.location === metadata.location ? staged.baseColumnId : 0;
  if (metadata['last-column-id'] > base && !sameNewIds(metadata, staged, base)) throw columnsChanged(staged);
  if (staged.mode === 'overwrite') return staged.fields;
  const known = new Map(current.map((field) => [field.id, field]));
  const kept = current.map((field) => {
    const ours = staged.fields.find((one) => one.id === field.id);
    return ours ? widest(field, ours, staged) : field;
  });
  const written = new Set(staged.writtenFields.map((field) => field.id));
  const added = staged.fields.filter((field) => !known.has(field.id) && written.has(field.id));
  const names = new Set(kept.map((field) => field.name.toLowerCase()));
  if (added.some((field) => names.has(field.name.toLowerCase()))) throw columnsChanged(staged);
  return [...kept, ...added];
}

/** Whether ids that both sides took since the plan's base mean the same column in some schema of the table. */
function sameNewIds(metadata: TableMetadata, staged: StagedTable, base: number): boolean {
  const ours = staged.fields.filter((field) => highestId([field]) > base);
  return ours.every((field) => {
    if (field.id > metadata['last-column-id']) return true;
    return metadata.schemas.some((schema) => schema.fields.some((one) => isSame(one, field)));
  });
}

function isSame(a: IceField, b: IceField): boolean {
  return (
    a.id === b.id && a.name.toLowerCase() === b.name.toLowerCase() && JSON.stringify(a.type) === JSON.stringify(b.type)
  );
}

function widest(current: IceField, ours: IceField, staged: StagedTable): IceField {
  if (JSON.stringify(current.type) === JSON.stringify(ours.type)) return current;
  if (fits(current.type, ours.type)) return { ...current, type: ours.type };
  if (fits(ours.type, current.type)) return current;
  throw columnsChanged(staged);
}

/** Whether all of `from` is in `to` under the same ids, at the same width or wider. */
function fits(from: IceType, to: IceType): boolean {
  if (typeof from === 'string' || typeof to === 'string') {
    return typeof from === 'string' && typeof to === 'string' && (from === to || canPromote(from, to));
  }
  if (from.type === 'list' && to.type === 'list') {
    return from['element-id'] === to['element-id'] && fits(from.element, to.element);
  }
  if (from.type === 'map' && to.type === 'map') {
    const sameIds = from['key-id'] === to['key-id'] && from['value-id'] === to['value-id'];
    return sameIds && fits(from.key, to.key) && fits(from.value, to.value);
  }
  if (from.type === 'struct' && to.type === 'struct') {
    return from.fields.every((field) =>
      to.fields.some((one) => one.id === field.id && one.name === field.name && fits(field.type, one.type)),
    );
  }
  return false;
}

function columnsChanged(staged: StagedTable): Fault {
  return new Fault(
    'publish-conflict',
    say('the columns of {table} were changed by another run while this one was writing; run it again', {
      table: relationName(staged.ref),
    }),
    { relation: relationName(staged.ref) },
  );
}
