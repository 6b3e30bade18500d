import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readZip, safePath, writeZip } from './zip.ts';

const patched = (zip: Buffer, change: (zip: Buffer) => void): Buffer => {
  const copy = Buffer.from(zip);
  change(copy);
  return copy;
};

describe('a ZIP archive', () => {
  it('gives back the files that went in', () => {
    const path = fc.stringMatching(/^[a-zç0-9_]{1,8}(\/[a-z0-9 ]{1,8}){0,3}\.sql$/);
    fc.assert(
      fc.property(fc.dictionary(path, fc.uint8Array({ maxLength: 400 })), (files) => {
        const zip = writeZip(new Map(Object.entries(files)));
        const read = readZip(zip);
        expect([...read].map(([name, bytes]) => [name, [...bytes]])).toEqual(
          Object.entries(files).map(([name, bytes]) => [name, [...bytes]]),
        );
      }),
    );
  });

  it('brings nothing from outside its folder', () => {
    for (const path of ['../a', 'a/../../b', '/etc/passwd', 'C:\\x', '..\\x', 'a\0b', ''])
      expect(() => safePath(path), path).toThrow('leads out of its folder');
    expect(safePath('./a//b\\c.sql')).toBe('a/b/c.sql');
    expect(() => readZip(writeZip(new Map([['../../x', 'y']])))).toThrow('leads out of its folder');
  });

  it('does not unpack more than it may, whatever its header says', () => {
    const bomb = writeZip(new Map([['zeros', Buffer.alloc(3_000_000)]]));
    expect(bomb.length).toBeLessThan(10_000);
    expect(() => readZip(bomb, { entries: 10, bytes: 1_000_000 })).toThrow('unpacks to more than');
    const directory = bomb.length - 22 - 46 - 'zeros'.length;
    const liar = patched(bomb, (zip) => zip.writeUInt32LE(10, directory + 24));
    expect(() => readZip(liar, { entries: 10, bytes: 1_000_000 })).toThrow(/unpacks to more than|damaged/);
    expect(() =>
      readZip(
        writeZip(
          new Map([
            ['a', ''],
            ['b', ''],
          ]),
        ),
        { entries: 1, bytes: 10 },
      ),
    ).toThrow('holds 2 files');
  });

  it('refuses links, damaged bytes and what is no archive', () => {
    const zip = writeZip(new Map([['a.sql', 'select 1']]));
    const directory = zip.length - 22 - 46 - 'a.sql'.length;
    expect(() => readZip(patched(zip, (bytes) => bytes.writeUInt32LE(0o120777 * 0x10000, directory + 38)))).toThrow(
      'link',
    );
    const other = deflateRawSync(Buffer.from('select 2'));
    expect(() => readZip(patched(zip, (bytes) => other.copy(bytes, 30 + 'a.sql'.length)))).toThrow('damaged');
    expect(() => readZip(Buffer.from('PK nothing of the kind, only text'))).toThrow('no ZIP archive');
    expect(() => readZip(zip.subarray(0, zip.length - 30))).toThrow('cannot be read');
  });

  it('never reads beyond its bytes', () => {
    const zip = writeZip(
      new Map([
        ['a.sql', 'select 1'],
        ['b/c.csv', 'x\n1\n'],
      ]),
    );
    fc.assert(
      fc.property(fc.nat(zip.length - 1), fc.nat(255), (at, value) => {
        const bad = patched(zip, (bytes) => bytes.writeUInt8(value, at));
        try {
          readZip(bad);
        } catch (error) {
          expect(String(error)).toMatch(/archive|leads out/);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
