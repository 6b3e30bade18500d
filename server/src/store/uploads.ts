import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { UploadedFile, UserId } from '@datacraft/shared';
import { Fault, newId, say } from '@datacraft/shared';
import type pg from 'pg';

/**
 * Uploaded files: `<dataDir>/files/<id>/<name>`, known to cells as `upload://<id>/<name>`. A file is written aside,
 * synced and moved to its place when it is whole; what was cut off leaves nothing behind.
 */
export interface Uploads {
  receive(name: string, body: AsyncIterable<Buffer>): Promise<Received>;
  /** Makes the file known; after this cells may use it. */
  keep(received: Received, by: UserId, notebookId: string | null): Promise<UploadedFile>;
  discard(received: Received): Promise<void>;
  /** Removes what a killed process left half written. */
  sweep(): Promise<void>;
}

export interface Received {
  readonly name: string;
  readonly partial: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly firstBytes: Buffer;
}

export function createUploads(deps: { pool: pg.Pool; dataDir: string; maxBytes: number }): Uploads {
  const files = path.join(deps.dataDir, 'files');
  const incoming = path.join(files, '.incoming');
  return {
    async receive(name, body) {
      await mkdir(incoming, { recursive: true });
      const partial = path.join(incoming, randomBytes(12).toString('hex'));
      try {
        return { name: safeName(name), partial, ...(await writeBody(partial, body, deps.maxBytes)) };
      } catch (error) {
        await rm(partial, { force: true });
        throw translated(error);
      }
    },
    async keep(received, by, notebookId) {
      const id = newId<string>('file');
      const place = path.join(files, id, received.name);
      await mkdir(path.dirname(place), { recursive: true });
      await rename(received.partial, place);
      await syncDirectory(path.dirname(place));
      const file: UploadedFile = {
        path: `upload://${id}/${received.name}`,
        name: received.name,
        sizeBytes: received.sizeBytes,
        sha256: received.sha256,
        sourceType: sourceTypeOf(received.name, received.firstBytes),
      };
      await deps.pool.query(
        'insert into files (path, notebook_id, name, sha256, size_bytes, uploaded_by) values ($1, $2, $3, $4, $5, $6)',
        [file.path, notebookId, file.name, file.sha256, file.sizeBytes, by],
      );
      return file;
    },
    discard: (received) => rm(received.partial, { force: true }),
    sweep: () => rm(incoming, { recursive: true, force: true }),
  };
}

async function writeBody(
  partial: string,
  body: AsyncIterable<Buffer>,
  maxBytes: number,
): Promise<Pick<Received, 'sizeBytes' | 'sha256' | 'firstBytes'>> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  let firstBytes = Buffer.alloc(0);
  const file = await open(partial, 'wx', 0o644);
  try {
    for await (const chunk of body) {
      sizeBytes += chunk.length;
      if (sizeBytes > maxBytes) {
        throw new Fault(
          'too-large',
          say('the file is larger than {mb} MB; raise DATACRAFT_MAX_UPLOAD_MB or read it from a folder', {
            mb: Math.floor(maxBytes / 2 ** 20),
          }),
        );
      }
      if (firstBytes.length < 64) firstBytes = Buffer.concat([firstBytes, chunk.subarray(0, 64)]);
      hash.update(chunk);
      await file.writeFile(chunk);
    }
    if (sizeBytes === 0) throw new Fault('bad-request', 'the file is empty (0 bytes); choose one with content');
    await file.sync();
  } finally {
    await file.close();
  }
  return { sizeBytes, sha256: hash.digest('hex'), firstBytes };
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  await handle.sync().finally(() => handle.close());
}

/** The last part of the name, without what a file system or a URL could take for something else. */
export function safeName(name: string): string {
  const base = name.normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const clean = base
    .replace(/[^\p{L}\p{N}._ -]/gu, '_')
    .replace(/^[. ]+/, '')
    .trim();
  const extension = path.extname(clean).slice(0, 20);
  return `${clean.slice(0, clean.length - extension.length).slice(0, 100) || 'file'}${extension}`;
}

export function sourceTypeOf(name: string, firstBytes: Buffer): UploadedFile['sourceType'] {
  if (firstBytes.subarray(0, 4).toString('latin1') === 'PAR1') return 'parquet';
  if (firstBytes.subarray(0, 4).toString('latin1') === 'Obj\x01') return 'avro';
  const bare = name.toLowerCase().replace(/\.gz$/, '');
  if (/\.(json|ndjson|jsonl)$/.test(bare)) return 'json';
  if (/\.parquet$/.test(bare)) return 'parquet';
  if (/\.(csv|tsv|txt)$/.test(bare)) return 'csv';
  return /^\s*[[{]/.test(firstBytes.toString('utf8').replace(/^\uFEFF/, '')) ? 'json' : 'csv';
}

function translated(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new Fault(
      'disk-full',
      'the disk is full; the upload was not kept. Free some space and send it again',
      {},
      { cause: error },
    );
  }
  return error;
}
