import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Column, RelationRef, ResultPage } from '@datacraft/shared';
import type { Lake } from '../lake/lake.ts';
import { dataFileOf } from './copy-answer.ts';
import { evolveSchema } from './evolve-schema.ts';
import type { IceField, IceType } from './field-type.ts';
import { schemaOf } from './metadata.ts';
import type { LoadedTable, StagedTable, WriteMode, WritePlan } from './table.ts';
import { columnsOf, duckTypeOf, quoteName, quoteText } from './type-map.ts';

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
  readonly newUuid?: () => string;
}

/** Decides all of a write beforehand. Touches nothing. */
export function planWrite(request: WriteRequest): WritePlan {
  const { current, ref, mode, lake } = request;
  const newUuid = request.newUuid ?? randomUUID;
  const base = {
    fields: current ? schemaOf(current.metadata).fields : [],
    lastColumnId: current?.metadata['last-column-id'] ?? 0,
  };
  const evolved = evolveSchema(base, request.columns, mode, ref);
  const location = current?.location ?? lake.newTableLocation(ref);
  const name = `${newUuid()}.parquet`;
  const writtenFile = join(request.writableDir, name);
  return {
    ref,
    mode,
    writtenFile,
    dataFile: lake.pathOf(`${location}/data/${name}`),
    location,
    fields: evolved.fields,
    kept: mode === 'append' && current ? { files: current.files, rows: current.rows } : { files: [], rows: 0 },
    writtenFields: evolved.writtenFields,
    baseColumnId: base.lastColumnId,
    lastColumnId: evolved.lastColumnId,
    copySql: (select) => copySql(select, writtenFile, evolved.writtenFields),
  };
}

function copySql(select: string, file: string, fields: readonly IceField[]): string {
  const casts = fields.map(
    (field) => `CAST(${quoteName(field.name)} AS ${duckTypeOf(field.type)}) AS ${quoteName(field.name)}`,
  );
  const options = [
    'FORMAT parquet',
    'COMPRESSION zstd',
    `ROW_GROUP_SIZE ${ROW_GROUP_ROWS}`,
    'RETURN_STATS',
    `FIELD_IDS ${fieldIds(fields)}`,
  ];
  return `COPY (SELECT ${casts.join(', ')} FROM (\n${select}\n)) TO ${quoteText(file)} (${options.join(', ')})`;
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

/** Brings the written file into the lake, still unseen; the commit waits until it is durable. `answer` is what the COPY answered. */
export async function stage(plan: WritePlan, answer: ResultPage, lake: Lake): Promise<StagedTable> {
  const file = dataFileOf(answer, plan.writtenFields, lake.urlOf(plan.dataFile));
  const hasRows = file.rows > 0;
  if (hasRows) await lake.adopt(plan.writtenFile, file.url);
  return {
    ref: plan.ref,
    mode: plan.mode,
    files: [...plan.kept.files, ...(hasRows ? [plan.dataFile] : [])],
    writtenFiles: hasRows ? [plan.writtenFile] : [],
    columns: columnsOf(plan.fields),
    rows: file.rows,
    totalRows: plan.kept.rows + file.rows,
    sizeBytes: hasRows ? file.sizeBytes : 0,
    location: plan.location,
    fields: plan.fields,
    writtenFields: plan.writtenFields,
    baseColumnId: plan.baseColumnId,
    lastColumnId: plan.lastColumnId,
    dataFiles: hasRows ? [file] : [],
  };
}
