import type { IceField } from './field-type.ts';
import type { StagedTable, TableState, WrittenRows } from './table.ts';
import { duckTypeOf, quoteName, quoteText } from './type-map.ts';
import { holdsAll } from './uniform.ts';

/**
 * A SELECT that shows the rows of a table, in a session that may read its `files`. Columns are found by field id, so
 * files written before a rename, a promotion or a new column read as the schema is now. DuckDB maps the top level by
 * id; inside a struct it goes by name, which is the same here: within a live file set a nested name never changes id.
 * Files of a uniform state are read as they are.
 *
 * A staged table shows what it will be, an append with the rows it adds to.
 */
export function scanSql(table: TableState | StagedTable): string {
  return scanOf(table);
}

/** The rows of this write alone, for the session that wrote them: it may read its own directory, not the lake. */
export function scanWritten({ fields, writtenFields, writtenFiles: files }: WrittenRows): string {
  return scanOf({ fields, files, uniform: holdsAll(fields, writtenFields) });
}

interface ScannedFiles {
  readonly fields: readonly IceField[];
  readonly files: readonly string[];
  /** Whether each file holds exactly the columns of `fields`. */
  readonly uniform: boolean;
}

/** The rows of some files under a schema. */
export function scanOf({ fields, files, uniform }: ScannedFiles): string {
  const names = fields.map((field) => quoteName(field.name)).join(', ');
  if (files.length === 0) {
    const columns = fields.map((field) => `CAST(NULL AS ${duckTypeOf(field.type)}) AS ${quoteName(field.name)}`);
    return `SELECT ${columns.join(', ')} WHERE false`;
  }
  const list = files.map(quoteText).join(', ');
  if (uniform) return `SELECT ${names} FROM read_parquet([${list}], hive_partitioning = false)`;
  const schema = fields.map(
    (field) =>
      `${field.id}: {name: ${quoteText(field.name)}, type: ${quoteText(duckTypeOf(field.type))}, default_value: NULL}`,
  );
  return `SELECT ${names} FROM read_parquet([${list}], schema = MAP {${schema.join(', ')}})`;
}
