import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { command } from './cache.ts';
import { useServices } from './for-tests.ts';

const env = useServices('airflow');

let home = '';
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'datacraft-airflow-'));
  await mkdir(join(home, 'dags'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

const airflow = (...args: string[]) =>
  command(join(env['AIRFLOW_BIN'] ?? '', 'airflow'), args, {
    env: { AIRFLOW_HOME: home, AIRFLOW__CORE__LOAD_EXAMPLES: 'False', AIRFLOW__CORE__DAGS_FOLDER: join(home, 'dags') },
  });

const hello = (greeting: string) => `
from airflow.sdk import dag, task

@dag(schedule=None, catchup=False)
def hello():
    @task
    def greet(name):
        ${greeting}

    @task
    def name():
        return "world"

    greet(name())

hello()
`;

it('Airflow tells its version', async () => {
  expect(await airflow('version')).toContain('3.3.2');
});

it('Airflow runs the tasks of a DAG in order, and fails when one does', async () => {
  const said = join(home, 'said');
  await airflow('db', 'migrate');
  await writeFile(join(home, 'dags', 'hello.py'), hello(`open(${JSON.stringify(said)}, "w").write("hello " + name)`));
  await airflow('dags', 'test', 'hello');
  expect(await command('cat', [said])).toBe('hello world');
  await writeFile(join(home, 'dags', 'hello.py'), hello('raise ValueError("no " + name)'));
  await expect(airflow('dags', 'test', 'hello')).rejects.toThrow(/no world|failed/);
});
