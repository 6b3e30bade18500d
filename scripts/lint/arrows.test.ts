import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

/** One planted violation per rule: a rule that stays silent here guards nothing. */
const canaries: Record<string, Record<string, string>> = {
  'no-circular': {
    'engine/src/run/ping.ts': `import { pong } from './pong.ts';\nexport const ping = () => pong;`,
    'engine/src/run/pong.ts': `import { ping } from './ping.ts';\nexport const pong = () => ping;`,
  },
  'shared-imports-nothing-of-ours': {
    'shared/src/upward.ts': `import { work } from '../../engine/src/work.ts';\nexport const upward = work;`,
    'engine/src/work.ts': `export const work = 1;`,
  },
  'shared-has-no-platform': {
    'shared/src/disk.ts': `import { readFileSync } from 'node:fs';\nexport const disk = readFileSync;`,
  },
  'engine-imports-only-shared': {
    'engine/src/door.ts': `import { door } from '../../server/src/door.ts';\nexport const through = door;`,
    'server/src/door.ts': `export const door = 1;`,
  },
  'web-imports-shared-and-learning': {
    'web/src/lib/engine.ts': `import { work } from '../../../engine/src/work.ts';\nexport const engine = work;`,
    'engine/src/work.ts': `export const work = 1;`,
  },
  'learning-has-no-platform': {
    'engine/src/learning.ts': `export { deep } from './model/deep.ts';`,
    'engine/src/model/deep.ts': `import { readFileSync } from 'node:fs';\nexport const deep = readFileSync;`,
  },
  'server-uses-the-engine-by-its-door': {
    'server/src/back-door.ts': `import { work } from '../../engine/src/work.ts';\nexport const back = work;`,
    'engine/src/work.ts': `export const work = 1;`,
  },
  'compile-and-plan-are-pure': {
    'engine/src/plan/impure.ts': `import { store } from '../store/store.ts';\nexport const impure = store;`,
    'engine/src/store/store.ts': `export const store = 1;`,
  },
  'graph-knows-nobody': {
    'engine/src/graph/knows.ts': `import { plan } from '../plan/plan.ts';\nexport const knows = plan;`,
    'engine/src/plan/plan.ts': `export const plan = 1;`,
  },
  'duckdb-in-one-room': {
    'engine/src/run/duck.ts': `import { DuckDBInstance } from '@duckdb/node-api';\nexport const duck = DuckDBInstance;`,
  },
  'mysql-in-one-room': {
    'engine/src/run/mysql.ts': `import { createConnection } from 'mysql2';\nexport const open = createConnection;`,
  },
  'avro-in-two-rooms': { 'engine/src/run/avro.ts': `import avro from 'avsc';\nexport const encode = avro;` },
  'forecasts-in-one-room': {
    'engine/src/run/forecast.ts': `import { MSTL } from '@bsull/augurs/mstl';\nexport const model = MSTL;`,
  },
  'grpc-in-one-room': {
    'engine/src/source/grpc.ts': `import { Client } from '@grpc/grpc-js';\nexport const client = Client;`,
  },
  'protobuf-in-one-room': {
    'engine/src/run/proto.ts': `import protobuf from 'protobufjs';\nexport const parse = protobuf;`,
  },
  'kafka-in-one-room': { 'engine/src/run/broker.ts': `import { Kafka } from 'kafkajs';\nexport const broker = Kafka;` },
  'redis-in-one-room': {
    'server/src/room/kept.ts': `import { createClient } from '@redis/client';\nexport const kept = createClient;`,
  },
  'yjs-in-its-rooms': { 'server/src/route/doc.ts': `import { Doc } from 'yjs';\nexport const doc = Doc;` },
  'hono-only-in-server': { 'engine/src/http.ts': `import { Hono } from 'hono';\nexport const http = Hono;` },
  'svelte-only-in-web': {
    'server/src/component.ts': `import { mount } from 'svelte';\nexport const component = mount;`,
  },
};

let dir = '';

function violatedRules(files: Record<string, string>): string[] {
  for (const [file, text] of Object.entries({ ...files, 'engine/src/any.ts': 'export const any = 1;' })) {
    mkdirSync(dirname(join(dir, file)), { recursive: true });
    writeFileSync(join(dir, file), text);
  }
  const args = [
    join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs'),
    '--output-type',
    'json',
    '--config',
    '.dependency-cruiser.cjs',
  ];
  const folders = ['shared', 'engine', 'server', 'web'];
  const { stdout } = spawnSync(process.execPath, [...args, ...folders], { cwd: dir, maxBuffer: 2 ** 26 });
  for (const folder of folders) rmSync(join(dir, folder), { recursive: true, force: true });
  for (const folder of folders) mkdirSync(join(dir, folder, 'src'), { recursive: true });
  const report = JSON.parse(stdout.toString()) as { summary: { violations: { rule: { name: string } }[] } };
  return report.summary.violations.map((violation) => violation.rule.name);
}

describe('import rules', () => {
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'datacraft-arrows-'));
    for (const file of [
      '.dependency-cruiser.cjs',
      'tsconfig.json',
      'tsconfig.base.json',
      'node_modules',
      'package.json',
    ]) {
      symlinkSync(join(root, file), join(dir, file));
    }
    for (const folder of ['shared', 'engine', 'server', 'web'])
      mkdirSync(join(dir, folder, 'src'), { recursive: true });
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it.each(Object.keys(canaries))('%s turns red for its planted violation', (rule) => {
    expect(violatedRules(canaries[rule] ?? {})).toContain(rule);
  });

  it('stays green for an import along the arrows', () => {
    const files = {
      'engine/src/index.ts': `import { word } from '../../shared/src/word.ts';\nexport const work = word;`,
      'shared/src/word.ts': `export const word = 1;`,
      'server/src/main.ts': `import { work } from '../../engine/src/index.ts';\nexport const main = work;`,
    };
    expect(violatedRules(files)).toEqual([]);
  });
});
