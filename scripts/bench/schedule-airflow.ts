import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, openSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { airflow } from '../services/airflow.ts';
import { cachePath, command } from '../services/cache.ts';
import { freePort } from '../services/supervise.ts';

const READY_MS = 300_000;
const RUN_MS = 900_000;

/** Airflow as `airflow standalone` starts it: API server, scheduler with the local executor, DAG processor. */
export interface AirflowPeer {
  /** Milliseconds from the start of a run of the chain to its end, as Airflow's own database has them. */
  ran(): Promise<number>;
  stop(): Promise<void>;
}

/** Why there is no Airflow to measure beside; null when it is installed. It is not brought by a bench: that takes minutes. */
export function airflowMissing(): string | null {
  if (existsSync(cachePath(`airflow-${airflow.version}.made`))) return null;
  return `Airflow ${airflow.version} is not installed, so it was not measured; "npm run services -- install airflow" brings it`;
}

export async function startAirflow(tasks: number): Promise<AirflowPeer> {
  const home = await mkdtemp(join(tmpdir(), 'datacraft-bench-airflow-'));
  await mkdir(join(home, 'dags'));
  await writeFile(join(home, 'dags', 'chain.py'), chainDag(tasks));
  const bin = airflow.exports()['AIRFLOW_BIN'] ?? '';
  const program = join(bin, 'airflow');
  const env = await environment(home, bin);
  await command(program, ['db', 'migrate'], { env });
  const log = openSync(join(home, 'log'), 'a');
  const child = spawn(program, ['standalone'], {
    env: { ...process.env, ...env },
    stdio: ['ignore', log, log],
    detached: true,
  });
  const stop = async () => {
    await stopGroup(child);
    await rm(home, { recursive: true, force: true });
  };
  try {
    await dagKnown(home, child);
  } catch (error) {
    const said = await readFile(join(home, 'log'), 'utf8').catch(() => '');
    await stop();
    throw new Error(`Airflow did not start: ${said.slice(-2_000)}`, { cause: error });
  }
  let runs = 0;
  return {
    async ran() {
      const id = `bench-${(runs += 1)}`;
      await command(program, ['dags', 'trigger', 'chain', '--run-id', id], { env });
      return runEnded(home, id);
    },
    stop,
  };
}

/** Tasks of the plainest kind, each after the one before; nothing is passed between them. */
function chainDag(tasks: number): string {
  return `from airflow.sdk import dag, task

@dag(schedule=None, catchup=False, is_paused_upon_creation=False)
def chain():
    before = None
    for at in range(${tasks}):
        @task(task_id=f"step_{at}")
        def step():
            return None
        now = step()
        if before is not None:
            before >> now
        before = now

chain()
`;
}

/** `standalone` starts its parts by the name `airflow`. */
async function environment(home: string, bin: string): Promise<Record<string, string>> {
  const port = String(await freePort());
  return {
    PATH: `${bin}:${process.env['PATH'] ?? ''}`,
    AIRFLOW_HOME: home,
    AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
    AIRFLOW__CORE__DAGS_FOLDER: join(home, 'dags'),
    AIRFLOW__CORE__EXECUTOR: 'LocalExecutor',
    AIRFLOW__CORE__EXECUTION_API_SERVER_URL: `http://127.0.0.1:${port}/execution/`,
    AIRFLOW__API__HOST: '127.0.0.1',
    AIRFLOW__API__PORT: port,
    AIRFLOW__API__BASE_URL: `http://127.0.0.1:${port}`,
  };
}

async function dagKnown(home: string, child: ChildProcess): Promise<void> {
  const asked = `select count(*) as n from serialized_dag where dag_id = 'chain'`;
  await until(READY_MS, async () => {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
    return Number(firstRow(home, asked)?.['n'] ?? 0) > 0;
  });
}

async function runEnded(home: string, id: string): Promise<number> {
  const asked = `select state, (julianday(end_date) - julianday(start_date)) * 86400000 as ms from dag_run where run_id = '${id}'`;
  let ms = NaN;
  await until(RUN_MS, async () => {
    const row = firstRow(home, asked);
    if (row?.['state'] === 'failed') throw new Error(`Airflow's run ${id} failed`);
    ms = Number(row?.['ms']);
    return row?.['state'] === 'success';
  });
  return ms;
}

/** Read only and seldom: its tasks write to the same file. */
function firstRow(home: string, sql: string): Record<string, unknown> | undefined {
  try {
    const database = new DatabaseSync(join(home, 'airflow.db'), { readOnly: true });
    try {
      return database.prepare(sql).get();
    } finally {
      database.close();
    }
  } catch (error) {
    if (error instanceof Error && /unable to open|no such table|locked/.test(error.message)) return undefined;
    throw error;
  }
}

async function until(limitMs: number, done: () => Promise<boolean>): Promise<void> {
  const endMs = performance.now() + limitMs;
  while (!(await done())) {
    if (performance.now() > endMs) throw new Error(`not done after ${limitMs / 1_000} s`);
    await sleep(500);
  }
}

/** All that it started is in its group. */
async function stopGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  process.kill(-child.pid, 'SIGTERM');
  await Promise.race([ended, sleep(10_000)]);
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    return; // Nothing of it is left.
  }
}
