import { type RelationRef, isLayer } from '@datacraft/shared';
import { branchSchemas } from '../store/branch-database.ts';
import type { Queryable } from './table.ts';

/** The name under which other engines find us in Iceberg's JDBC catalog tables. */
export const CATALOG_NAME = 'datacraft';

/** Where each of these tables has its metadata now, by `layer.name`; what does not exist is left out. */
export async function metadataLocationsOf(
  client: Queryable,
  refs: readonly RelationRef[],
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.query(
    `select table_namespace, table_name, metadata_location from readable_iceberg_tables
     join unnest($2::text[], $3::text[]) as asked (layer, name) on table_namespace = layer and table_name = name
     where catalog_name = $1 and metadata_location is not null`,
    [CATALOG_NAME, refs.map((ref) => ref.layer), refs.map((ref) => ref.name)],
  );
  return new Map(
    rows.map((row) => [
      `${String(row['table_namespace'])}.${String(row['table_name'])}`,
      String(row['metadata_location']),
    ]),
  );
}

/** Where every table has its metadata, those of branches too: what clean-up has to keep. */
export async function allMetadataLocations(client: Queryable): Promise<readonly string[]> {
  const tables = ['iceberg_tables', ...(await branchSchemas(client)).map((schema) => `${schema}.iceberg_tables`)];
  const each = (table: string) => `select metadata_location from ${table} where metadata_location is not null`;
  const { rows } = await client.query(tables.map(each).join(' union '));
  return rows.map((row) => String(row['metadata_location']));
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
