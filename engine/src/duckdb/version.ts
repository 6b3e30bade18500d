const DUCKDB_VERSION = '1.5.6';

/** The version of the engine that runs SQL, known without loading it; part of every fingerprint. */
export function duckdbVersion(): string {
  return DUCKDB_VERSION;
}
