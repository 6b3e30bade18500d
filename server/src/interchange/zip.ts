/**
 * ZIP archives, read and written with what Node brings.
 *
 * Z1  No entry leaves the archive: absolute paths, drive letters and `..` are refused, links and devices too.
 * Z2  What unpacks to more than it may is refused before it is unpacked, and again while it is, whatever its header says.
 * Z3  Bytes that do not give the checksum of their entry are refused.
 */
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { Fault } from '@datacraft/shared';

export interface ZipLimits {
  readonly entries: number;
  /** Of all entries together, unpacked. */
  readonly bytes: number;
}

export const zipLimits: ZipLimits = { entries: 5_000, bytes: 256 * 1024 * 1024 };

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const END_BYTES = 22;
const STORED = 0;
const DEFLATED = 8;
const UTF8 = 0x0800;
const ENCRYPTED = 0x0001;
/** Type bits of a Unix mode: a link, a device, a socket. */
const SPECIAL = new Set([0o120000, 0o020000, 0o060000, 0o010000, 0o140000]);

interface Entry {
  readonly path: string;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

/** The files of an archive by their path; folders are left out. */
export function readZip(bytes: Buffer, limits: ZipLimits = zipLimits): Map<string, Buffer> {
  const entries = entriesOf(bytes, limits);
  const total = entries.reduce((sum, entry) => sum + entry.size, 0);
  if (total > limits.bytes) throw tooLarge(limits);
  const files = new Map<string, Buffer>();
  let left = limits.bytes;
  for (const entry of entries) {
    if (files.has(entry.path)) throw broken(`it holds ${entry.path} twice`);
    const content = contentOf(bytes, entry, Math.min(left, entry.size), limits);
    left -= content.length;
    files.set(entry.path, content);
  }
  return files;
}

function entriesOf(bytes: Buffer, limits: ZipLimits): Entry[] {
  const end = endOf(bytes);
  const count = bytes.readUInt16LE(end + 10);
  if (count === 0xffff || bytes.readUInt32LE(end + 16) === 0xffffffff)
    throw broken('it is a ZIP64 archive, which is not read: pack fewer or smaller files');
  if (count > limits.entries)
    throw new Fault('too-large', `the archive holds ${count} files; at most ${limits.entries} are read`);
  const entries: Entry[] = [];
  let at = bytes.readUInt32LE(end + 16);
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== ENTRY) throw broken('its directory is damaged');
    const nameLength = bytes.readUInt16LE(at + 28);
    const next = at + 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
    const entry = entryAt(bytes, at, nameLength);
    if (entry !== null) entries.push(entry);
    at = next;
  }
  return entries;
}

function endOf(bytes: Buffer): number {
  for (let at = bytes.length - END_BYTES; at >= Math.max(0, bytes.length - END_BYTES - 0xffff); at -= 1)
    if (bytes.readUInt32LE(at) === END) return at;
  throw broken('it has no directory: it is no ZIP archive, or was cut off');
}

function entryAt(bytes: Buffer, at: number, nameLength: number): Entry | null {
  const flags = bytes.readUInt16LE(at + 8);
  const name = bytes.subarray(at + 46, at + 46 + nameLength).toString(flags & UTF8 ? 'utf8' : 'latin1');
  const mode = (bytes.readUInt32LE(at + 38) >>> 16) & 0o170000;
  if (SPECIAL.has(mode)) throw broken(`${name} is a link or a device, which an archive may not bring`);
  const path = safePath(name);
  if (name.endsWith('/')) return null;
  if (flags & ENCRYPTED) throw broken(`${path} is encrypted: pack it without a password`);
  return {
    path,
    method: bytes.readUInt16LE(at + 10),
    crc: bytes.readUInt32LE(at + 16),
    packed: bytes.readUInt32LE(at + 20),
    size: bytes.readUInt32LE(at + 24),
    offset: bytes.readUInt32LE(at + 42),
  };
}

/** A path within the archive, with `/` between its parts. */
export function safePath(name: string): string {
  const path = name.replaceAll('\\', '/');
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  const isOutside = path.startsWith('/') || /^[a-z]:/i.test(path) || parts.includes('..') || path.includes('\0');
  if (isOutside || parts.length === 0)
    throw new Fault(
      'bad-request',
      `the path ${JSON.stringify(name)} leads out of its folder: pack files below one folder`,
    );
  return parts.join('/');
}

function contentOf(bytes: Buffer, entry: Entry, most: number, limits: ZipLimits): Buffer {
  const { path, offset, packed, method } = entry;
  if (offset + 30 > bytes.length || bytes.readUInt32LE(offset) !== LOCAL)
    throw broken(`${path} is not where it should be`);
  const start = offset + 30 + bytes.readUInt16LE(offset + 26) + bytes.readUInt16LE(offset + 28);
  if (start + packed > bytes.length) throw broken(`${path} is cut off`);
  const raw = bytes.subarray(start, start + packed);
  const content = method === STORED ? raw : inflated(raw, entry, most, limits);
  if (content.length !== entry.size || crc32(content) !== entry.crc) throw broken(`${path} is damaged`);
  return content;
}

function inflated(raw: Buffer, { path, method }: Entry, most: number, limits: ZipLimits): Buffer {
  if (method !== DEFLATED) throw broken(`${path} is packed by method ${method}; only deflate is read`);
  try {
    return inflateRawSync(raw, { maxOutputLength: most + 1 });
  } catch (cause) {
    if (cause instanceof RangeError) throw tooLarge(limits);
    throw broken(`${path} is damaged`, cause);
  }
}

function broken(why: string, cause?: unknown): Fault {
  return new Fault('bad-request', `the archive cannot be read: ${why}`, {}, { cause });
}

function tooLarge(limits: ZipLimits): Fault {
  return new Fault('too-large', `the archive unpacks to more than ${limits.bytes / 1024 / 1024} MB; pack fewer files`);
}

/** An archive of files, the same bytes for the same files. */
export function writeZip(files: ReadonlyMap<string, string | Uint8Array>): Buffer {
  const local: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [path, content] of files) {
    const body = Buffer.from(content);
    const packed = deflateRawSync(body);
    const name = Buffer.from(path, 'utf8');
    const facts = factsOf(body, packed, name);
    const head = Buffer.concat([numbers([4, LOCAL]), facts, name, packed]);
    directory.push(
      numbers([4, ENTRY], [2, 0x0314]),
      facts,
      numbers([2, 0], [2, 0], [2, 0], [4, 0o100644 * 0x10000], [4, offset]),
      name,
    );
    local.push(head);
    offset += head.length;
  }
  const listed = Buffer.concat(directory);
  const count = files.size;
  const end = numbers([4, END], [2, 0], [2, 0], [2, count], [2, count], [4, listed.length], [4, offset], [2, 0]);
  return Buffer.concat([...local, listed, end]);
}

/** What an entry and the directory both say; the time is 1980-01-01. */
function factsOf(body: Buffer, packed: Buffer, name: Buffer): Buffer {
  return numbers(
    [2, 20],
    [2, UTF8],
    [2, DEFLATED],
    [2, 0],
    [2, 0x21],
    [4, crc32(body)],
    [4, packed.length],
    [4, body.length],
    [2, name.length],
    [2, 0],
  );
}

function numbers(...fields: readonly (readonly [size: 2 | 4, value: number])[]): Buffer {
  const buffer = Buffer.alloc(fields.reduce((sum, [size]) => sum + size, 0));
  let at = 0;
  for (const [size, value] of fields) {
    if (size === 2) buffer.writeUInt16LE(value, at);
    else buffer.writeUInt32LE(value, at);
    at += size;
  }
  return buffer;
}
