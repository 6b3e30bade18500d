export const layers = ['bronze', 'silver', 'gold'] as const;
export type Layer = (typeof layers)[number];

/** A table of the warehouse: namespace and name. */
export interface RelationRef {
  readonly layer: Layer;
  readonly name: string;
}

export function isLayer(text: string): text is Layer {
  return (layers as readonly string[]).includes(text);
}

export function relationName(ref: RelationRef): string {
  return `${ref.layer}.${ref.name}`;
}

/** A column as people see it. `type` is DuckDB's own word: `DECIMAL(12,2)`, `TIMESTAMP WITH TIME ZONE`. */
export interface Column {
  readonly name: string;
  readonly type: string;
}

/**
 * Rows as JSON keeps them exactly: 64-bit and larger integers and decimals as strings, timestamps in ISO 8601 with
 * all their digits, NULL as null, blobs as base64, lists and structs as JSON.
 */
export interface ResultPage {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly unknown[])[];
  /** Rows of the whole result when known. */
  readonly totalRows: number | null;
  readonly truncated: boolean;
}
