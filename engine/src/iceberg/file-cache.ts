import type { Lake } from '../lake/lake.ts';
import { decodeManifest, decodeManifestList, type ManifestEntry, type ManifestFile } from './manifest.ts';
import { parseMetadata, type TableMetadata } from './metadata.ts';

/** Parsed files by their location. They never change (W2), so the only question is how many to keep. */
const KEPT_METADATA = 256;
const KEPT_MANIFESTS = 4096;

interface FileCache {
  readonly metadata: LeastRecentlyUsed<TableMetadata>;
  readonly lists: LeastRecentlyUsed<readonly ManifestFile[]>;
  readonly manifests: LeastRecentlyUsed<readonly ManifestEntry[]>;
}

const caches = new WeakMap<Lake, FileCache>();

export function readMetadata(lake: Lake, url: string): Promise<TableMetadata> {
  return cacheOf(lake).metadata.get(url, async () => parseMetadata(await lake.read(url), url));
}

export function readManifestList(lake: Lake, url: string): Promise<readonly ManifestFile[]> {
  return cacheOf(lake).lists.get(url, async () => decodeManifestList(await lake.read(url)));
}

/** Entries as the manifest has them: `inheritSequence` before using their sequence numbers. */
export function readManifest(lake: Lake, url: string): Promise<readonly ManifestEntry[]> {
  return cacheOf(lake).manifests.get(url, async () => decodeManifest(await lake.read(url)));
}

function cacheOf(lake: Lake): FileCache {
  const known = caches.get(lake);
  if (known) return known;
  const fresh: FileCache = {
    metadata: new LeastRecentlyUsed(KEPT_METADATA),
    lists: new LeastRecentlyUsed(KEPT_METADATA),
    manifests: new LeastRecentlyUsed(KEPT_MANIFESTS),
  };
  caches.set(lake, fresh);
  return fresh;
}

/** Keeps promises, so that many who ask at once read once; a failure is not kept. */
class LeastRecentlyUsed<Value> {
  private readonly entries = new Map<string, Promise<Value>>();
  private readonly size: number;

  constructor(size: number) {
    this.size = size;
  }

  get(key: string, load: () => Promise<Value>): Promise<Value> {
    const known = this.entries.get(key);
    this.entries.delete(key);
    const value = known ?? load();
    this.entries.set(key, value);
    if (!known) value.catch(() => this.entries.delete(key));
    const [oldest] = this.entries.keys();
    if (this.entries.size > this.size && oldest !== undefined) this.entries.delete(oldest);
    return value;
  }
}
