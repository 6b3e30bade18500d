import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { command } from './cache.ts';
import { useServices } from './for-tests.ts';

const env = useServices('sklearn', 'dbt', 'postgres');
let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'datacraft-oracles-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const python = (bin: string, program: string) => command(join(env[bin] ?? '', 'python'), ['-c', program], { cwd: dir });

it('LightGBM and a random forest of scikit-learn separate two classes', async () => {
  const printed = await python(
    'SKLEARN_BIN',
    `
import json, lightgbm, onnx, onnxruntime, statsmodels
from sklearn.datasets import make_classification
from sklearn.ensemble import RandomForestClassifier
x, y = make_classification(2000, 8, random_state=1)
models = [RandomForestClassifier(50, random_state=1), lightgbm.LGBMClassifier(n_estimators=50, verbose=-1)]
print(json.dumps([float(m.fit(x[:1500], y[:1500]).score(x[1500:], y[1500:])) for m in models]))`,
  );
  for (const accuracy of JSON.parse(printed) as number[]) expect(accuracy).toBeGreaterThan(0.8);
});

async function writeProject(profile: object): Promise<string> {
  const project = await mkdtemp(join(dir, 'dbt-'));
  await mkdir(join(project, 'models'));
  await writeFile(
    join(project, 'dbt_project.yml'),
    'name: shop\nversion: "1.0"\nprofile: shop\nmodel-paths: [models]\n',
  );
  await writeFile(
    join(project, 'profiles.yml'),
    JSON.stringify({ shop: { target: 'dev', outputs: { dev: profile } } }),
  );
  await writeFile(join(project, 'models', 'numbers.sql'), `{{ config(materialized='table') }} select 42 as answer`);
  return project;
}

async function runDbt(profile: object): Promise<unknown> {
  const project = await writeProject(profile);
  const settings = { DBT_SEND_ANONYMOUS_USAGE_STATS: 'false' };
  const args = ['run', '--project-dir', project, '--profiles-dir', project];
  await command(join(env['DBT_BIN'] ?? '', 'dbt'), args, { cwd: project, env: settings });
  const text = await readFile(join(project, 'target', 'run_results.json'), 'utf8');
  return (JSON.parse(text) as { results: { status: string }[] }).results.map((result) => result.status);
}

it('dbt builds a table in DuckDB', async () => {
  expect(await runDbt({ type: 'duckdb', path: join(dir, 'shop.duckdb') })).toEqual(['success']);
});

it('dbt builds a table in PostgreSQL', async () => {
  const url = new URL(env['POSTGRES_URL'] ?? '');
  const login = { user: url.username, password: url.password, host: url.hostname, port: Number(url.port) };
  expect(await runDbt({ type: 'postgres', ...login, dbname: 'postgres', schema: 'shop' })).toEqual(['success']);
});
