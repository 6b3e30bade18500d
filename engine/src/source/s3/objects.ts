import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { Fault, say } from '@datacraft/shared';
import { openHashedFile } from '../extract/hashed-file.ts';
import type { ResolvedFile, SourceContext } from '../source.ts';
import type { S3Client, S3Object } from './client.ts';
import { createS3Client } from './client.ts';
import { parseS3Path } from './pattern.ts';
import type { S3Words } from './place.ts';
import { s3PlaceOf } from './place.ts';

/** Objects that one cell may follow: their names and tags are remembered with its rows. */
const OBJECTS_MAX = 100_000;
const BUFFERED_BYTES = 1024 * 1024;

interface ListedObjects {
  readonly client: S3Client;
  readonly bucket: string;
  /** Not empty ones, by key. */
  readonly objects: readonly S3Object[];
}

export async function listObjects(words: S3Words, path: string, context: SourceContext): Promise<ListedObjects> {
  const { remote, signal } = context;
  if (!remote) throw new Fault('unsupported', 's3:// paths cannot be read here; run the notebook', { file: path });
  const { bucket, prefix, matches } = parseS3Path(path);
  const place = await s3PlaceOf(words, remote);
  const client = createS3Client({ place, allowedHosts: remote.allowedHosts, ...(signal ? { signal } : {}) });
  const objects: S3Object[] = [];
  for await (const page of client.list(bucket, prefix)) {
    signal?.throwIfAborted();
    objects.push(...page.filter(({ key, sizeBytes }) => sizeBytes > 0 && matches(key)));
    if (objects.length > OBJECTS_MAX)
      throw new Fault(
        'too-large',
        say('{path} matches more than {most} objects; narrow the path', { path, most: OBJECTS_MAX }),
        { file: path },
      );
    if (context.reading === 'sample' && objects.length > 0) break;
  }
  return { client, bucket, objects };
}

/** Brings objects into files of this reading. On a failure nothing of them stays. */
export async function fetchObjects(
  { client, bucket }: ListedObjects,
  objects: readonly S3Object[],
  { tempDir, signal, tellRead }: SourceContext,
): Promise<ResolvedFile[]> {
  const files: ResolvedFile[] = [];
  const totalBytes = objects.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  let bytes = 0;
  const came = (more: number) => {
    bytes += more;
    tellRead?.({ rows: null, bytes, totalRows: null, totalBytes });
  };
  try {
    for (const object of objects) {
      signal?.throwIfAborted();
      const suffix = object.key.endsWith('.gz') ? '.gz' : extname(object.key).replace(/[^.A-Za-z0-9]/g, '');
      const path = join(tempDir, `object-${randomUUID()}${suffix}`);
      files.push(await fetchObject(client, bucket, object, path, came));
    }
    return files;
  } catch (error) {
    await removeFiles(files);
    throw signal?.aborted ? new Fault('cancelled', 'reading the objects was cancelled', {}, { cause: error }) : error;
  }
}

export async function removeFiles(files: readonly ResolvedFile[]): Promise<void> {
  await Promise.all(files.map(({ path }) => rm(path, { force: true })));
}

async function fetchObject(
  client: S3Client,
  bucket: string,
  object: S3Object,
  path: string,
  came: (bytes: number) => void,
): Promise<ResolvedFile> {
  const shownAs = `s3://${bucket}/${object.key}`;
  const file = openHashedFile(path, BUFFERED_BYTES);
  try {
    for await (const chunk of (await client.get(bucket, object)) as AsyncIterable<Buffer>) {
      await file.put(chunk);
      came(chunk.length);
    }
    const closed = await file.close(shownAs);
    if (closed.sizeBytes === object.sizeBytes) return closed;
    throw new Fault(
      'source-unreadable',
      say('{shownAs} broke off after {got} of {sizeBytes} bytes; run it again', {
        shownAs,
        got: closed.sizeBytes,
        sizeBytes: object.sizeBytes,
      }),
      {
        file: shownAs,
      },
    );
  } catch (error) {
    await file.remove();
    if (error instanceof Fault) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Fault(
      'source-unreadable',
      say('{shownAs} broke off: {reason}; run it again', { shownAs, reason }),
      { file: shownAs },
      { cause: error },
    );
  }
}
