import type { SparkSession } from '../../engine/src/spark/session.ts';

/** Rows of a statement as DataCraft shows them: 64-bit integers as text. */
export async function sparkRows(spark: SparkSession, sql: string, signal?: AbortSignal): Promise<unknown[][]> {
  const all: unknown[][] = [];
  for await (const batch of spark.run(sql, signal))
    for (const row of batch)
      all.push(Object.values(row.toJSON()).map((value) => (typeof value === 'bigint' ? String(value) : value)));
  return all;
}

/** Iceberg's JDBC catalogue over our own database, as any user of Spark sets it. */
export async function addCatalog(spark: SparkSession, databaseUrl: string, lakeRoot: string): Promise<void> {
  const url = new URL(databaseUrl);
  const settings: Record<string, string> = {
    '': 'org.apache.iceberg.spark.SparkCatalog',
    '.type': 'jdbc',
    '.uri': `jdbc:postgresql://${url.hostname}:${url.port}${url.pathname}`,
    '.jdbc.user': decodeURIComponent(url.username),
    '.jdbc.password': decodeURIComponent(url.password),
    '.jdbc.schema-version': 'V1',
    '.warehouse': `file://${lakeRoot}`,
  };
  for (const [key, value] of Object.entries(settings))
    await sparkRows(spark, `set \`spark.sql.catalog.datacraft${key}\`=\`${value}\``);
}
