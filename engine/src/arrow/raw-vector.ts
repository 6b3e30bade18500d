import type { DuckDBVector } from '@duckdb/node-api';

/**
 * The memory below a vector. These members are not documented: the version is pinned and `arrow.test.ts` reads every
 * type back. The memory is DuckDB's and lives as long as the chunk, so it is always copied.
 */
export function rawItems<Items extends ArrayBufferView>(
  vector: DuckDBVector,
  kind: abstract new (...args: never[]) => Items,
): Items {
  const items: unknown = Reflect.get(vector, 'items');
  if (items instanceof kind) return items;
  throw new TypeError(`${vector.constructor.name} holds no ${kind.name}`);
}

export function rawView(vector: DuckDBVector): DataView {
  const view: unknown = Reflect.get(vector, 'dataView');
  if (view instanceof DataView) return view;
  throw new TypeError(`${vector.constructor.name} holds no data view`);
}

export function rawMember(vector: DuckDBVector, name: 'childData' | 'listVector'): DuckDBVector {
  const member: unknown = Reflect.get(vector, name);
  if (member && typeof member === 'object' && 'itemCount' in member) return member as DuckDBVector;
  throw new TypeError(`${vector.constructor.name} holds no ${name}`);
}

/** One bit per item, least significant first, null when nothing is NULL. Same layout as Arrow's. */
export function rawValidity(vector: DuckDBVector): Uint8Array | null {
  const validity: unknown = Reflect.get(vector, 'validity') ?? innerValidity(vector);
  const data: unknown = validity && typeof validity === 'object' ? Reflect.get(validity, 'data') : null;
  if (!(data instanceof BigUint64Array)) return null;
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function innerValidity(vector: DuckDBVector): unknown {
  const list: unknown = Reflect.get(vector, 'listVector');
  return list && typeof list === 'object' ? Reflect.get(list, 'validity') : null;
}

export function isValid(validity: Uint8Array | null, index: number): boolean {
  return validity === null || (((validity[index >> 3] ?? 0) >> (index & 7)) & 1) === 1;
}
