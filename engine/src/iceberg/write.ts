import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Column, PartitionTransform, RelationRef, ResultPage } from '@datacraft/shared';
import type { Lake } from '../lake/lake.ts';
import { dataFilesOf, partitionName } from './copy-answer.ts';
import { evolveSchema } from './evolve-schema.ts';
import type { IceField, IceType } from './field-type.ts';
import { schemaOf } from './metadata.ts';
import { resolvePartition, type PartitionField, withSpec } from './partition/partition-field.ts';
import { bucketMacros, partitionExpression } from './partition/partition-sql.ts';
import type { PartitionValue } from './partition/partition-value.ts';
import type { DataFile, LoadedTable, ReplacedFiles, StagedTable, WriteMode, WritePlan } from './table.ts';
import { columnsOf, duckTypeOf, quoteName, quoteText } from './type-map.ts';
import { holdsAll } from './uniform.ts';

/** Rows of a row group: DuckDB's own default, so that one thread writes one at a time and readers skip by it. */
const ROW_GROUP_ROWS = 122_880;

export interface WriteRequest {
  readonly current: LoadedTable | null;
  readonly ref: RelationRef;
  /** What `describe` says of the SELECT. */
  readonly columns: readonly Column[];
  readonly mode: WriteMode;
  readonly lake: Lake;
  /** The session's `writableDir`, best on the lake's file system: staging is then a link, not a copy. */
  readonly writableDir: string;
  /** What `partition_by` says; default: not partitioned. */
  readonly partitionBy?: readonly PartitionTransform[];
  /** Rows of all partitions come mixed: they are sorted by partition, so that each is one file and not many small ones. */
  readonly isShuffled?: boolean;
  /** Known beforehand: all rows are of this partition of the table as it is, and become one file. */
  readonly only?: readonly PartitionValue[] | null;
  /** Of an append: what it takes the place of. */
  readonly replaced?: ReplacedFiles;
  readonly newUuid?: () => string;
  /** Default `ROW_GROUP_ROWS`: smaller ones are written side by side sooner. */
  readonly rowGroupRows?: number;
  /** Of a new table: where another write of it already decided that it lies. */
  readonly location?: string;
}

/** Decides all of a write beforehand. Touches nothing. */
export function planWrite(request: WriteRequest): WritePlan {
  const { current, ref, mode, lake, replaced } = request;
  const newUuid = request.newUuid ?? randomUUID;
  const base = {
    fields: current ? schemaOf(current.metadata).fields : [],
    lastColumnId: current?.metadata['last-column-id'] ?? 0,
  };
  const evolved = evolveSchema(base, request.columns, mode, ref);
  const location = current?.location ?? request.location ?? lake.newTableLocation(ref);
  const name = newUuid();
  const kept = mode === 'append' ? current : null;
  const partition = resolvePartition(request.partitionBy ?? [], evolved.writtenFields, ref);
  const only = partition.length === 0 ? [] : (request.only ?? null);
  const written = join(request.writableDir, only === null ? name : `${name}.parquet`);
  return {
    ref,
    mode,
    written,
    dataName: name,
    partition,
    only,
    setup: only === null && partition.some((field) => field.kind === 'bucket') ? bucketMacros : [],
    location,
    fields: evolved.fields,
    replaced: replaced?.urls ?? new Set(),
    kept: {
      files: (kept?.files ?? []).filter((file) => replaced?.paths.has(file) !== true),
      rows: (kept?.rows ?? 0) - (replaced?.rows ?? 0),
    },
    uniform:
      holdsAll(evolved.fields, evolved.writtenFields) &&
      (kept === null || (kept.uniform && holdsAll(evolved.fields, kept.fields))),
    writtenFields: evolved.writtenFields,
    baseColumnId: base.lastColumnId,
    lastColumnId: evolved.lastColumnId,
    typedSql: (select) => typedSql(select, evolved.writtenFields),
    copySql: (select) =>
      copySql(select, {
        written,
        fields: evolved.writtenFields,
        partition: only === null ? partition : [],
        isShuffled: request.isShuffled ?? false,
        rowGroupRows: request.rowGroupRows ?? ROW_GROUP_ROWS,
      }),
  };
}

interface Copy {
  readonly written: string;
  readonly fields: readonly IceField[];
  readonly partition: readonly PartitionField[];
  readonly isShuffled: boolean;
  readonly rowGroupRows: number;
}

function copySql(select: string, { written, fields, partition, isShuffled, rowGroupRows }: Copy): string {
  const rows = typedSql(select, fields);
  const keys = partition.map((field, at) => `${partitionExpression(field)} AS ${partitionName(at)}`);
  const options = [
    'FORMAT parquet',
    'COMPRESSION zstd',
    `ROW_GROUP_SIZE ${rowGroupRows}`,
    'RETURN_STATS',
    `FIELD_IDS ${fieldIds(fields)}`,
    ...(keys.length === 0 ? [] : [`PARTITION_BY (${keys.map((_, at) => partitionName(at)).join(', ')})`]),
  ];
  const order = isShuffled ? ` ORDER BY ${keys.map((_, at) => partitionName(at)).join(', ')}` : '';
  const source = keys.length === 0 ? rows : `SELECT *, ${keys.join(', ')} FROM (${rows})${order}`;
  return `COPY (${source}) TO ${quoteText(written)} (${options.join(', ')})`;
}

function typedSql(select: string, fields: readonly IceField[]): string {
  const casts = fields.map(
    (field) => `CAST(${quoteName(field.name)} AS ${duckTypeOf(field.type)}) AS ${quoteName(field.name)}`,
  );
  return `SELECT ${casts.join(', ')} FROM (\n${select}\n)`;
}

function fieldIds(fields: readonly IceField[]): string {
  return `{${fields.map((field) => `${quoteText(field.name)}: ${idsOf(field.id, field.type)}`).join(', ')}}`;
}

function idsOf(id: number, type: IceType): string {
  if (typeof type === 'string') return String(id);
  const own = `__duckdb_field_id: ${id}`;
  switch (type.type) {
    case 'list':
      return `{${own}, 'element': ${idsOf(type['element-id'], type.element)}}`;
    case 'map':
      return `{${own}, 'key': ${idsOf(type['key-id'], type.key)}, 'value': ${idsOf(type['value-id'], type.value)}}`;
    case 'struct':
      return `{${own}, ${type.fields.map((field) => `${quoteText(field.name)}: ${idsOf(field.id, field.type)}`).join(', ')}}`;
  }
}

/** Brings the written files into the lake, still unseen; the commit waits until they are durable. `answer` is what the COPY answered. */
export async function stage(plan: WritePlan, answer: ResultPage, lake: Lake): Promise<StagedTable> {
  const written = writtenFilesOf(plan, answer, lake).filter(({ file }) => file.rows > 0);
  for (const { path, file } of written) await lake.adopt(path, file.url);
  const dataFiles = written.map(({ file }) => file);
  const rows = sumOf(dataFiles, (file) => file.rows);
  return {
    ref: plan.ref,
    mode: plan.mode,
    replaced: plan.replaced,
    files: [...plan.kept.files, ...dataFiles.map((file) => lake.pathOf(file.url))],
    uniform: plan.uniform,
    writtenFiles: written.map(({ path }) => path),
    columns: columnsOf(plan.fields),
    rows,
    totalRows: plan.kept.rows + rows,
    sizeBytes: sumOf(dataFiles, (file) => file.sizeBytes),
    location: plan.location,
    fields: plan.fields,
    writtenFields: plan.writtenFields,
    baseColumnId: plan.baseColumnId,
    lastColumnId: plan.lastColumnId,
    partition: plan.partition,
    dataFiles,
  };
}

/** Writes of one table that were planned over one state of it, as one. */
export function stagedTogether(staged: readonly [StagedTable, ...StagedTable[]]): StagedTable {
  const [first, ...others] = staged;
  const own = ({ files, dataFiles }: StagedTable) => files.slice(files.length - dataFiles.length);
  const rows = staged.reduce((sum, each) => sum + each.rows, 0);
  return {
    ...first,
    files: [...first.files, ...others.flatMap(own)],
    writtenFiles: staged.flatMap(({ writtenFiles }) => writtenFiles),
    rows,
    totalRows: first.totalRows - first.rows + rows,
    sizeBytes: staged.reduce((sum, each) => sum + each.sizeBytes, 0),
    dataFiles: staged.flatMap(({ dataFiles }) => dataFiles),
  };
}

function sumOf(files: readonly DataFile[], figure: (file: DataFile) => number): number {
  return files.reduce((sum, file) => sum + figure(file), 0);
}

function writtenFilesOf(plan: WritePlan, answer: ResultPage, lake: Lake): { path: string; file: DataFile }[] {
  const place = (name: string) => lake.urlOf(lake.pathOf(`${plan.location}/data/${name}.parquet`));
  if (plan.only !== null) {
    const [one] = dataFilesOf(answer, plan.writtenFields, () => place(plan.dataName), []);
    return one ? [{ path: plan.written, file: { ...one.file, partition: plan.only } }] : [];
  }
  return dataFilesOf(answer, plan.writtenFields, (at) => place(`${plan.dataName}-${at}`), plan.partition);
}

/** A commit of this leaves the table at the snapshot that it has. Null when it would be partitioned otherwise. */
export function stagedAsItIs(
  table: LoadedTable,
  partitionBy: readonly PartitionTransform[],
  ref: RelationRef,
): StagedTable | null {
  const partition = resolvePartition(partitionBy, table.fields, ref);
  if (withSpec(table.metadata, partition)['default-spec-id'] !== table.metadata['default-spec-id']) return null;
  const { location, metadataLocation, snapshotId, fields, files, uniform, columns } = table;
  const lastColumnId = table.metadata['last-column-id'];
  return {
    ref,
    mode: 'append',
    asItIs: { metadataLocation, snapshotId },
    replaced: new Set(),
    files,
    uniform,
    writtenFiles: [],
    columns,
    rows: 0,
    totalRows: table.rows,
    sizeBytes: 0,
    location,
    fields,
    writtenFields: fields,
    baseColumnId: lastColumnId,
    lastColumnId,
    partition,
    dataFiles: [],
  };
}
