import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ResultPage, SourceSpec } from '@datacraft/shared';
import { createDuckPool } from '../../duckdb/pool.ts';
import { sourceAdapter } from '../adapter.ts';
import { createFileResolver } from '../file/resolver.ts';
import type { SniffedSource, SourceContext } from '../source.ts';

export interface ReadResult {
  readonly page: ResultPage;
  /** Rows as objects, for expectations that name columns. */
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly rejects: readonly Readonly<Record<string, unknown>>[];
}

/** A folder with files, read through the adapters in real locked sessions. */
export async function createWorkbench(limits: Parameters<typeof createDuckPool>[0] = {}) {
  const root = await mkdtemp(join(tmpdir(), 'datacraft-source-'));
  const pool = createDuckPool(limits);

  async function open(spec: SourceSpec) {
    const adapter = sourceAdapter(spec.type);
    if (!adapter) throw new Error(`no adapter for ${spec.type}`);
    const tempDir = await mkdtemp(join(root, '.session-'));
    const context: SourceContext = { resolve: createFileResolver({ root, cacheDir: join(root, '.cache') }), tempDir };
    const identified = await adapter.identify(spec, context);
    const session = await pool.open({ readable: identified.files.map(({ path }) => path), writableDir: tempDir });
    return { adapter, context, identified, session, tempDir };
  }

  return {
    root,
    async file(name: string, content: string | Buffer): Promise<void> {
      await mkdir(dirname(join(root, name)), { recursive: true });
      await writeFile(join(root, name), content);
    },
    async read(spec: SourceSpec): Promise<ReadResult> {
      const { adapter, context, identified, session } = await open(spec);
      try {
        const opened = await adapter.open(spec, identified, session, context);
        const page = await session.rows(opened.select).catch(async (error: unknown) => {
          throw opened.explain ? await opened.explain(error) : error;
        });
        const rejects = opened.rejects === null ? [] : objects(await session.rows(opened.rejects));
        return { page, rows: objects(page), rejects };
      } finally {
        await session.close();
      }
    },
    async sniff(spec: SourceSpec): Promise<SniffedSource> {
      const { adapter, context, identified, session } = await open(spec);
      try {
        return await adapter.sniff(spec, identified, session, context);
      } finally {
        await session.close();
      }
    },
    async identity(spec: SourceSpec): Promise<string> {
      const { identified, session } = await open(spec);
      await session.close();
      return identified.identity;
    },
    /** Runs SQL with a directory to write to, for fixtures that DuckDB must make; returns nothing. */
    async write(name: string, select: string, format: string): Promise<void> {
      const session = await pool.open({ writableDir: root });
      try {
        await session.run(`copy (${select}) to '${join(root, name)}' (${format})`);
      } finally {
        await session.close();
      }
    },
    async stop(): Promise<void> {
      await pool.stop();
      await rm(root, { recursive: true, force: true });
    },
  };
}

export type Workbench = Awaited<ReturnType<typeof createWorkbench>>;

function objects(page: ResultPage): Readonly<Record<string, unknown>>[] {
  return page.rows.map((row) => Object.fromEntries(page.columns.map(({ name }, index) => [name, row[index]])));
}

/** The fault that a promise ends in, for expectations on its code and words. */
export async function faultOf(work: Promise<unknown>): Promise<{ code: string; message: string; facts: object }> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Error && 'code' in error && 'facts' in error) {
      return { code: String(error.code), message: error.message, facts: Object(error.facts) as object };
    }
    throw error;
  }
  throw new Error('expected a fault, got none');
}
