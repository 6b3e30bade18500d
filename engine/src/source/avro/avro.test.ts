import { rm } from 'node:fs/promises';
import { crc32, deflateRawSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AvroSource } from '@datacraft/shared';
import { avroFile } from '../testing/avro-file.ts';
import type { Workbench } from '../testing/workbench.ts';
import { createWorkbench } from '../testing/workbench.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await createWorkbench();
});
afterAll(() => bench.stop());

const schema = {
  type: 'record',
  name: 'Producer',
  fields: [
    { name: 'id', type: 'string' },
    { name: 'asked_at', type: 'long' },
    { name: 'place', type: { type: 'record', name: 'Place', fields: [{ name: 'uf', type: 'string' }] } },
    { name: 'score', type: ['null', 'int'], default: null },
    { name: 'since', type: { type: 'int', logicalType: 'date' } },
    { name: 'crops', type: { type: 'array', items: 'string' } },
    { name: 'mark', type: 'bytes' },
  ],
};
const producers = Array.from({ length: 300 }, (_, n) => ({
  id: `p${n}`,
  asked_at: 1_700_000_000_000n + BigInt(n),
  place: { uf: n % 2 ? 'MT' : 'GO' },
  score: n % 3 ? { int: 300 + n } : null,
  since: 19_000 + n,
  crops: ['soja', 'milho'].slice(0, n % 3),
  mark: Buffer.from([n % 256, 0, 255]),
}));
const read = (path: string, more: Partial<AvroSource> = {}) => bench.read({ type: 'avro', path, ...more });

describe('a file of Avro', () => {
  it('gives every record with the types of its schema, whatever packs it', async () => {
    const packers = {
      null: (bytes: Buffer) => bytes,
      deflate: (bytes: Buffer) => deflateRawSync(bytes),
      zstandard: (bytes: Buffer) => zstdCompressSync(bytes),
      snappy: (bytes: Buffer) => asSnappy(bytes),
    };
    for (const [codec, pack] of Object.entries(packers)) {
      await bench.file(`${codec}.avro`, avroFile(schema, producers, { codec, pack, blockRows: 70 }));
      const { page, rows } = await read(`${codec}.avro`);
      expect(page.columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
        'id VARCHAR',
        'asked_at BIGINT',
        'place STRUCT(uf VARCHAR)',
        'score INTEGER',
        'since DATE',
        'crops VARCHAR[]',
        'mark BLOB',
      ]);
      expect(rows).toHaveLength(300);
      expect(rows[1]).toMatchObject({ id: 'p1', asked_at: '1700000000001', score: 301 });
      expect(rows[0]?.['score']).toBeNull();
    }
  });

  it('keeps every digit of a long', async () => {
    const type = { type: 'record', name: 'n', fields: [{ name: 'n', type: 'long' }] };
    const most = Buffer.from([0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]);
    await bench.file('long.avro', avroFile(type, [most]));
    expect((await read('long.avro')).rows).toEqual([{ n: '9223372036854775807' }]);
  });

  it('is one relation with others of an older schema', async () => {
    const older = { type: 'record', name: 'Producer', fields: [{ name: 'id', type: 'string' }] };
    await bench.file('many/1.avro', avroFile(older, [{ id: 'old' }]));
    await bench.file('many/2.avro', avroFile(schema, producers.slice(0, 1)));
    const { rows } = await read('many/*.avro');
    expect(rows.map((row) => [row['id'], row['asked_at']])).toEqual([
      ['old', null],
      ['p0', '1700000000000'],
    ]);
  });

  it('without records has its columns', async () => {
    await bench.file('none.avro', avroFile(schema, []));
    const { page } = await read('none.avro');
    expect([page.columns.length, page.rows.length]).toEqual([7, 0]);
  });

  it('sets rows aside that a declared type does not fit', async () => {
    await bench.file('declared.avro', avroFile(schema, producers.slice(0, 4)));
    const { rows, rejects } = await read('declared.avro', { columns: { id: 'integer' }, rejects: 'table' });
    expect([rows.length, rejects.length]).toEqual([0, 4]);
    expect(rejects[0]).toMatchObject({ file: 'declared.avro', column_name: 'id' });
  });

  it('shows what it is before it is read', async () => {
    await bench.file('sniffed.avro', avroFile(schema, producers));
    const { preview } = await bench.sniff({ type: 'avro', path: 'sniffed.avro' });
    expect(preview.rows).toHaveLength(100);
  });
});

describe('a damaged file of Avro', () => {
  const whole = avroFile(schema, producers, { blockRows: 100 });
  const cases: [string, Buffer, RegExp][] = [
    ['cut off in a block', whole.subarray(0, whole.length - 40), /cut off in block 3/],
    ['cut off in its header', whole.subarray(0, 100), /cut off in its header/],
    ['with a block that does not end', flipped(whole, whole.length - 1), /block 3 does not end where it says/],
    ['packed with bzip2', avroFile(schema, producers, { codec: 'bzip2' }), /packed with bzip2; write it with deflate/],
    ['that is CSV', Buffer.from('a,b\n1,2\n'), /read as avro but is plain text; use type: csv/],
    ['of 0 bytes', Buffer.alloc(0), /is empty/],
    [
      'whose rows are not of its schema',
      avroFile(schema, producers.slice(0, 2), { codec: 'null', pack: (bytes) => bytes.subarray(0, -4) }),
      /is a damaged Avro file/,
    ],
  ];
  it.each(cases)('%s is refused with the reason', async (what, bytes, message) => {
    const name = `${what.replaceAll(' ', '-')}.avro`;
    await bench.file(name, bytes);
    await expect(read(name)).rejects.toMatchObject({ message: expect.stringMatching(message) as string });
    await rm(`${bench.root}/${name}`);
  });
});

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 0xff;
  return copy;
}

/** One literal: what snappy gives of bytes that never repeat, and the checksum that Avro puts behind. */
function asSnappy(bytes: Buffer): Buffer {
  const length: number[] = [];
  for (let left = bytes.length; ; left = Math.floor(left / 128)) {
    if (left < 128) {
      length.push(left);
      break;
    }
    length.push((left % 128) + 128);
  }
  const size = Buffer.alloc(4);
  size.writeUInt32LE(bytes.length - 1);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return Buffer.concat([Buffer.from(length), Buffer.from([63 << 2]), size, bytes, sum]);
}
