import type { PublishedRelation } from '@datacraft/engine';
import type { Cell, Json, JsonObject, Notebook, TableDoc } from '@datacraft/shared';

/** What a cell says of its table, beside what was published. A key that is written wrongly is as if it were not there. */
export function tableDoc(
  relation: PublishedRelation,
  notebook: Notebook | null,
  cell: Cell | null,
  owner: string | null,
): TableDoc {
  const config = cell?.config ?? {};
  const columns = objectOf(config['columns']);
  const isDescribed = cell?.kind === 'sql' || cell?.kind === 'transform';
  return {
    layer: relation.ref.layer,
    name: relation.ref.name,
    kind: relation.kind,
    materialize: cell?.kind === 'source' ? 'source' : (textOf(config['materialize']) ?? relation.kind),
    rows: relation.rows,
    publishedAt: relation.publishedAt.toISOString(),
    notebookId: relation.notebookId,
    notebookTitle: relation.ownerTitle,
    cell: relation.cell,
    cellId: cell?.id ?? null,
    owner: textOf(notebook?.meta['owner']) ?? owner,
    description: textOf(config['description']) ?? '',
    tags: listOf(config['tags']),
    columns: relation.columns.map((column) => {
      const said = isDescribed ? objectOf(columns[column.name]) : {};
      return { ...column, description: textOf(said['description']) ?? '', tags: listOf(said['tags']) };
    }),
    uniqueKey: listOf(config['unique_key']),
    scd: scdOf(config['scd'], textOf(config['materialize'])),
    dimensions: Object.fromEntries(
      Object.entries(objectOf(config['dimensions'])).flatMap(([key, to]) =>
        typeof to === 'string' ? [[key, to]] : [],
      ),
    ),
  };
}

function scdOf(value: Json | undefined, materialize: string | null): 0 | 1 | 2 | null {
  if (materialize !== 'dimension') return null;
  return value === 0 || value === 2 ? value : 1;
}

/** The keys of a value that is an object; none of any other. */
export function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: Json | undefined): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

function listOf(value: Json | undefined): string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
