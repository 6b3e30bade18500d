import type { Lake } from '../lake/lake.ts';
import { decodeManifest, decodeManifestList, type ManifestEntry, type ManifestFile } from './manifest.ts';
import { parseMetadata, type TableMetadata } from './metadata.ts';

/**
 * Parsed files by their location. They never change (W2), so the only question is how much to keep: so many bytes as
 * they lie on disk. Parsed they take about five times that, manifests (which are packed) some twenty times.
 */
const METADATA_BYTES = 16 << 20;
const LIST_BYTES = 2 << 20;
const MANIFEST_BYTES = 4 << 20;

interface FileCache {
  readonly metadata: LeastRecentlyUsed<TableMetadata>;
  readonly lists: LeastRecentlyUsed<readonly ManifestFile[]>;
  readonly manifests: LeastRecentlyUsed<readonly ManifestEntry[]>;
}

const caches = new WeakMap<Lake, FileCache>();

export function readMetadata(lake: Lake, url: string): Promise<TableMetadata> {
  return cacheOf(lake).metadata.get(
    url,
    () => lake.read(url),
    (bytes) => parseMetadata(bytes, url),
  );
}

export function readManifestList(lake: Lake, url: string): Promise<readonly ManifestFile[]> {
  return cacheOf(lake).lists.get(url, () => lake.read(url), decodeManifestList);
}

/** Entries as the manifest has them: `inheritSequence` before using their sequence numbers. */
export function readManifest(lake: Lake, url: string): Promise<readonly ManifestEntry[]> {
  return cacheOf(lake).manifests.get(url, () => lake.read(url), decodeManifest);
}

/** What has just been written need not be read and parsed again. */
export function rememberManifests(
  lake: Lake,
  written: readonly { readonly url: string; readonly bytes: Buffer; readonly entries: readonly ManifestEntry[] }[],
): void {
  for (const { url, bytes, entries } of written)
    void cacheOf(lake).manifests.get(
      url,
      () => Promise.resolve(bytes),
      () => entries,
    );
}

function cacheOf(lake: Lake): FileCache {
  const known = caches.get(lake);
  if (known) return known;
  const fresh: FileCache = {
    metadata: new LeastRecentlyUsed(METADATA_BYTES),
    lists: new LeastRecentlyUsed(LIST_BYTES),
    manifests: new LeastRecentlyUsed(MANIFEST_BYTES),
  };
  caches.set(lake, fresh);
  return fresh;
}

/** Keeps promises, so that many who ask at once read once; a failure is not kept. */
class LeastRecentlyUsed<Value> {
  private readonly entries = new Map<string, { readonly value: Promise<Value>; sizeBytes: number }>();
  private readonly maxBytes: number;
  private keptBytes = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  get(key: string, read: () => Promise<Buffer>, parse: (bytes: Buffer) => Value): Promise<Value> {
    const known = this.entries.get(key);
    if (known) {
      this.entries.delete(key);
      this.entries.set(key, known);
      return known.value;
    }
    const value = this.load(key, read, parse);
    this.entries.set(key, { value, sizeBytes: 0 });
    return value;
  }

  private async load(key: string, read: () => Promise<Buffer>, parse: (bytes: Buffer) => Value): Promise<Value> {
    try {
      const bytes = await read();
      const value = parse(bytes);
      this.count(key, bytes.length);
      return value;
    } catch (error) {
      this.entries.delete(key);
      throw error;
    }
  }

  private count(key: string, sizeBytes: number): void {
    const entry = this.entries.get(key);
    if (!entry) return;
    entry.sizeBytes = sizeBytes;
    this.keptBytes += sizeBytes;
    for (const [oldest, { sizeBytes: freed }] of this.entries) {
      if (this.keptBytes <= this.maxBytes) return;
      this.entries.delete(oldest);
      this.keptBytes -= freed;
    }
  }
}
