import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { databaseOf } from '@datacraft/engine';
import { Fault } from '@datacraft/shared';
import { catalogHtml, catalogMarkdown } from '../catalog/document.ts';
import { tableDocs } from '../catalog/entries.ts';
import { withChecks } from '../catalog/usage.ts';
import { loadConfig } from '../config.ts';
import { readArguments } from './arguments.ts';
import type { Output } from './output.ts';
import { exitCodes } from './output.ts';
import { withRooms } from './rooms.ts';

/** `datacraft docs --out DIR`: the whole catalogue as catalogue.md and index.html. */
export async function docs(args: readonly string[], output: Output): Promise<number> {
  const read = readArguments(args, { out: { type: 'string' }, 'data-dir': { type: 'string' } });
  const out = read.text('out');
  if (out === undefined) throw new Fault('bad-request', 'docs needs a folder to write to: datacraft docs --out DIR');
  return withRooms(loadConfig(process.env, { dataDir: read.text('data-dir') }), async ({ pool, rooms }) => {
    const db = databaseOf(pool);
    const tables = await withChecks({ db, main: db }, await tableDocs(db, { pool, rooms }, () => true));
    const now = new Date();
    await mkdir(out, { recursive: true });
    await writeFile(join(out, 'catalogue.md'), catalogMarkdown(tables, now));
    await writeFile(join(out, 'index.html'), catalogHtml(tables, now));
    output.out(`${tables.length} tables are in ${join(out, 'index.html')} and ${join(out, 'catalogue.md')}`);
    return exitCodes.done;
  });
}
