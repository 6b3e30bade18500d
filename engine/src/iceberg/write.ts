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
  /** Of an append: what it takes the place of. */
  readonly replaced?: ReplacedFiles;
  readonly newUuid?: () => string;
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
  const location = current?.location ?? lake.newTableLocation(ref);
  const name = newUuid();
  const kept = mode === 'append' ? current : null;
  const partition = resolvePartition(request.partitionBy ?? [], evolved.writtenFields, ref);
  const written = join(request.writableDir, partition.length === 0 ? `${name}.parquet` : name);
  return {
    ref,
    mode,
    written,
    dataName: name,
    partition,
    setup: partition.some((field) => field.kind === 'bucket') ? bucketMacros : [],
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
    copySql: (select) => copySql(select, written, evolved.writtenFields, partition),
  };
}

function copySql(
  select: string,
  target: string,
  fields: readonly IceField[],
  partition: readonly PartitionField[],
): string {
  const casts = fields.map(
    (field) => `CAST(${quoteName(field.name)} AS ${duckTypeOf(field.type)}) AS ${quoteName(field.name)}`,
  );
  const rows = `SELECT ${casts.join(', ')} FROM (\n${select}\n)`;
  const keys = partition.map((field, at) => `${partitionExpression(field)} AS ${partitionName(at)}`);
  const options = [
    'FORMAT parquet',
    'COMPRESSION zstd',
    `ROW_GROUP_SIZE ${ROW_GROUP_ROWS}`,
    'RETURN_STATS',
    `FIELD_IDS ${fieldIds(fields)}`,
    ...(keys.length === 0 ? [] : [`PARTITION_BY (${keys.map((_, at) => partitionName(at)).join(', ')})`]),
  ];
  const source = keys.length === 0 ? rows : `SELECT *, ${keys.join(', ')} FROM (${rows})`;
  return `COPY (${source}) TO ${quoteText(target)} (${options.join(', ')})`;
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

function sumOf(files: readonly DataFile[], figure: (file: DataFile) => number): number {
  return files.reduce((sum, file) => sum + figure(file), 0);
}

function writtenFilesOf(plan: WritePlan, answer: ResultPage, lake: Lake): { path: string; file: DataFile }[] {
  const place = (name: string) => lake.urlOf(lake.pathOf(`${plan.location}/data/${name}.parquet`));
  if (plan.partition.length === 0) {
    const [only] = dataFilesOf(answer, plan.writtenFields, () => place(plan.dataName), []);
    return only ? [{ path: plan.written, file: only.file }] : [];
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
