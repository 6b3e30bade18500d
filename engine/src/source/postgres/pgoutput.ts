/** Messages of PostgreSQL's logical replication, `pgoutput` version 1, with values as texts. */
export type Change =
  | { readonly kind: 'begin'; readonly commitLsn: bigint }
  | { readonly kind: 'commit'; readonly endLsn: bigint }
  | {
      readonly kind: 'relation';
      readonly id: number;
      readonly schema: string;
      readonly table: string;
      readonly columns: readonly string[];
    }
  | { readonly kind: 'insert'; readonly id: number; readonly row: Tuple }
  | { readonly kind: 'update'; readonly id: number; readonly before: Tuple | null; readonly row: Tuple }
  | { readonly kind: 'delete'; readonly id: number; readonly before: Tuple }
  | { readonly kind: 'truncate'; readonly ids: readonly number[] }
  | { readonly kind: 'other' };

/** A text, NULL, or undefined for a large value that the change did not touch and the server did not send. */
export type Tuple = readonly (string | null | undefined)[];

export function parseChange(bytes: Buffer): Change {
  const reader = createReader(bytes);
  switch (reader.letter()) {
    case 'B':
      return { kind: 'begin', commitLsn: reader.int64() };
    case 'C':
      reader.skip(9); // flags and where the commit stands
      return { kind: 'commit', endLsn: reader.int64() };
    case 'R':
      return relationOf(reader);
    case 'I':
      return { kind: 'insert', id: reader.int32(), row: (reader.skip(1), reader.tuple()) };
    case 'U':
      return updateOf(reader);
    case 'D':
      return { kind: 'delete', id: reader.int32(), before: (reader.skip(1), reader.tuple()) };
    case 'T': {
      const count = reader.int32();
      reader.skip(1); // options
      return { kind: 'truncate', ids: Array.from({ length: count }, () => reader.int32()) };
    }
    default:
      return { kind: 'other' };
  }
}

type Reader = ReturnType<typeof createReader>;

function relationOf(reader: Reader): Change {
  const id = reader.int32();
  const [schema, table] = [reader.name(), reader.name()];
  reader.skip(1); // replica identity
  const columns = Array.from({ length: reader.int16() }, () => {
    reader.skip(1); // part of the key
    const name = reader.name();
    reader.skip(8); // type and its modifier
    return name;
  });
  return { kind: 'relation', id, schema, table, columns };
}

function updateOf(reader: Reader): Change {
  const id = reader.int32();
  const before = reader.letter() === 'N' ? null : reader.tuple();
  if (before !== null) reader.skip(1);
  return { kind: 'update', id, before, row: reader.tuple() };
}

function createReader(bytes: Buffer) {
  let at = 0;
  const take = (length: number) => {
    const from = at;
    at += length;
    return from;
  };
  const int32 = () => bytes.readUInt32BE(take(4));
  const letter = () => String.fromCharCode(bytes[take(1)] ?? 0);
  const int16 = () => bytes.readUInt16BE(take(2));
  return {
    letter,
    int16,
    int32,
    int64: () => bytes.readBigUInt64BE(take(8)),
    skip: (length: number) => void take(length),
    name() {
      const end = bytes.indexOf(0, at);
      const text = bytes.toString('utf8', at, end);
      at = end + 1;
      return text;
    },
    tuple(): Tuple {
      return Array.from({ length: int16() }, () => {
        const kind = letter();
        if (kind === 'n') return null;
        if (kind === 'u') return undefined;
        const length = int32();
        const from = take(length);
        return bytes.toString('utf8', from, from + length);
      });
    },
  };
}

/** `0/16B3748` as a number, and back. */
export function lsnOf(text: string): bigint {
  const [high = '0', low = '0'] = text.split('/');
  return (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`);
}

export function lsnText(lsn: bigint): string {
  return `${(lsn >> 32n).toString(16)}/${(lsn & 0xffffffffn).toString(16)}`.toUpperCase();
}

/** The elements of `{a,"b,c",NULL}` as a JSON list of texts; nested ones stay texts. */
export function arrayJson(text: string): string {
  const body = text.replace(/^\[[^\]]*\]=/, '').slice(1, -1);
  const elements: (string | null)[] = [];
  for (const [, quoted, bare] of body.matchAll(/(?:"((?:[^"\\]|\\.)*)"|([^,"]+))(?:,|$)/gs))
    elements.push(quoted === undefined ? (bare === 'NULL' ? null : (bare ?? '')) : quoted.replaceAll(/\\(.)/gs, '$1'));
  return JSON.stringify(elements);
}
