import { type RelationRef, isLayer } from '@datacraft/shared';
import type { Queryable } from './table.ts';

/** The name under which other engines find us in Iceberg's JDBC catalog tables. */
export const CATALOG_NAME = 'datacraft';

export async function metadataLocationOf(client: Queryable, ref: RelationRef): Promise<string | null> {
  const { rows } = await client.query(
    `select metadata_location from iceberg_tables
     where catalog_name = $1 and table_namespace = $2 and table_name = $3`,
    [CATALOG_NAME, ref.layer, ref.name],
  );
  const location = rows[0]?.['metadata_location'];
  return typeof location === 'string' ? location : null;
}

/** Every table of the catalog, by layer and name. */
export async function listTables(
  client: Queryable,
): Promise<readonly { readonly ref: RelationRef; readonly metadataLocation: string }[]> {
  const { rows } = await client.query(
    `select table_namespace, table_name, metadata_location from iceberg_tables
     where catalog_name = $1 and metadata_location is not null order by table_namespace, table_name`,
    [CATALOG_NAME],
  );
  return rows.flatMap((row) => {
    const layer = String(row['table_namespace']);
    if (!isLayer(layer)) return [];
    return [{ ref: { layer, name: String(row['table_name']) }, metadataLocation: String(row['metadata_location']) }];
  });
}
