import type { PartitionTransform, RelationRef, Words } from '@datacraft/shared';
import { Fault, relationName, say } from '@datacraft/shared';
import type { IceField } from '../field-type.ts';
import type { PartitionSpec, TableMetadata } from '../metadata.ts';
import { duckTypeOf } from '../type-map.ts';

/** A transform of one column of a table, found by its field id. */
export interface PartitionField extends PartitionTransform {
  readonly sourceId: number;
  /** Iceberg's word of the column. */
  readonly sourceType: string;
  /** Iceberg's word of what the transform gives. */
  readonly resultType: string;
}

const PLAIN = ['boolean', 'int', 'long', 'string', 'date', 'timestamp', 'timestamptz'];
const DATES = ['date', 'timestamp', 'timestamptz'];

/** What each transform can be taken of. */
const accepts: Readonly<Record<PartitionTransform['kind'], readonly string[]>> = {
  identity: PLAIN,
  year: DATES,
  month: DATES,
  day: DATES,
  hour: ['timestamp', 'timestamptz'],
  bucket: PLAIN.filter((type) => type !== 'boolean'),
  truncate: ['int', 'long', 'string'],
};

/** Finds the columns of `partition_by`. Throws `bad-request` that names the column or type at fault. */
export function resolvePartition(
  transforms: readonly PartitionTransform[],
  fields: readonly IceField[],
  ref: RelationRef,
): PartitionField[] {
  return transforms.map((transform) => {
    const field = fields.find(({ name }) => name.toLowerCase() === transform.column.toLowerCase());
    if (!field) {
      const names = fields.map(({ name }) => name).join(', ');
      throw refused(
        ref,
        say('partition_by names {column}, which is no column; its columns are {names}', {
          column: transform.column,
          names,
        }),
      );
    }
    const { type } = field;
    if (typeof type !== 'string' || !accepts[transform.kind].includes(type)) {
      const kinds = accepts[transform.kind].map((one) => duckTypeOf(one).toLowerCase()).join(', ');
      throw refused(
        ref,
        say('{kind} of {column} ({type}) cannot partition; it takes {kinds}', {
          kind: transform.kind,
          column: field.name,
          type: duckTypeOf(type),
          kinds,
        }),
      );
    }
    return {
      ...transform,
      column: field.name,
      sourceId: field.id,
      sourceType: type,
      resultType: resultOf(transform, type),
    };
  });
}

function resultOf({ kind }: PartitionTransform, sourceType: string): string {
  if (kind === 'identity' || kind === 'truncate') return sourceType;
  return kind === 'day' ? 'date' : 'int';
}

/** Iceberg's word: `month`, `bucket[16]`. */
export function transformWord({ kind, width }: PartitionTransform): string {
  return width === null ? kind : `${kind}[${width}]`;
}

/** The metadata with a spec of these fields as its default: a known one, or a new one that keeps known field ids. */
export function withSpec(metadata: TableMetadata, fields: readonly PartitionField[]): TableMetadata {
  const specs = metadata['partition-specs'];
  const known = specs.find((spec) => isSpecOf(spec, fields));
  if (known) return { ...metadata, 'default-spec-id': known['spec-id'] };
  let last = metadata['last-partition-id'];
  const used = specs.flatMap((spec) => spec.fields);
  const made = fields.map((field) => {
    const same = used.find((one) => one['source-id'] === field.sourceId && one.transform === transformWord(field));
    return {
      'source-id': field.sourceId,
      'field-id': same?.['field-id'] ?? (last += 1),
      name: nameOf(field, fields),
      transform: transformWord(field),
    };
  });
  const id = Math.max(...specs.map((spec) => spec['spec-id'])) + 1;
  return {
    ...metadata,
    'partition-specs': [...specs, { 'spec-id': id, fields: made }],
    'default-spec-id': id,
    'last-partition-id': last,
  };
}

function isSpecOf(spec: PartitionSpec, fields: readonly PartitionField[]): boolean {
  return (
    spec.fields.length === fields.length &&
    spec.fields.every((one, at) => {
      const field = fields[at];
      return field !== undefined && one['source-id'] === field.sourceId && one.transform === transformWord(field);
    })
  );
}

/** As Iceberg's own writers name it: the column for identity, `order_date_month`, `id_bucket`. */
function nameOf(field: PartitionField, all: readonly PartitionField[]): string {
  if (field.kind === 'identity') return field.column;
  const name = `${field.column}_${field.kind === 'truncate' ? 'trunc' : field.kind}`;
  const twins = all.filter((one) => one.column === field.column && one.kind === field.kind);
  return twins.length > 1 ? `${name}_${field.width ?? 0}` : name;
}

function refused(ref: RelationRef, message: Words): Fault {
  return new Fault('bad-request', message, { relation: relationName(ref), field: 'partition_by' });
}
