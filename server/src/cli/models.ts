import { writeFile } from 'node:fs/promises';
import { databaseOf, exportOnnx, listChampions, loadModelBytes, versionOf } from '@datacraft/engine';
import { Fault } from '@datacraft/shared';
import type pg from 'pg';
import { loadConfig } from '../config.ts';
import type { Arguments } from './arguments.ts';
import { readArguments } from './arguments.ts';
import { withDatabase } from './database.ts';
import type { Output } from './output.ts';
import { exitCodes, textTable } from './output.ts';

const USAGE = 'models takes list, or export NAME --onnx [--version N|champion|challenger] [--out FILE]';

/** `datacraft models list | export NAME --onnx`: the models that answer, and one as a file for other runtimes. */
export async function models(args: readonly string[], output: Output): Promise<number> {
  const read = readArguments(args, {
    'data-dir': { type: 'string' },
    onnx: { type: 'boolean' },
    version: { type: 'string' },
    out: { type: 'string' },
    json: { type: 'boolean' },
  });
  const [action = '', name, ...more] = read.positionals;
  const isExport = action === 'export' && name !== undefined && read.flag('onnx');
  if (more.length > 0 || !(isExport || (action === 'list' && name === undefined)))
    throw new Fault('bad-request', USAGE);
  const config = loadConfig(process.env, { dataDir: read.text('data-dir') });
  return withDatabase(config, (pool) =>
    isExport ? exportModel(pool, name, read, output) : listModels(pool, read, output),
  );
}

async function listModels(pool: pg.Pool, read: Arguments, output: Output): Promise<number> {
  const found = (await listChampions(databaseOf(pool))).map(
    ({ name, task, algorithm, version, metrics, createdAt }) => {
      return { name, task, algorithm, version, metrics, createdAt };
    },
  );
  const rows = found.map((each) => [each.name, each.task, each.algorithm, String(each.version), each.createdAt]);
  output.out(
    read.flag('json') ? JSON.stringify(found) : textTable(['name', 'task', 'algorithm', 'version', 'trained'], rows),
  );
  return exitCodes.done;
}

async function exportModel(pool: pg.Pool, asked: string, read: Arguments, output: Output): Promise<number> {
  const db = databaseOf(pool);
  const name = asked.replace(/^(bronze|silver|gold)\./, '');
  const which = read.text('version') ?? 'champion';
  const version = /^\d+$/.test(which) ? Number(which) : await versionOf(db, name, which);
  const bytes = version === null ? null : await loadModelBytes(db, name, version);
  if (bytes === null)
    throw new Fault('not-found', `there is no model ${name} ${which}: run the notebook that trains it`, {
      model: name,
    });
  const file = read.text('out') ?? `${name}-${version}.onnx`;
  await writeFile(file, exportOnnx(bytes, name));
  output.out(read.flag('json') ? JSON.stringify({ name, version, file }) : file);
  return exitCodes.done;
}
