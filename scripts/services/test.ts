/**
 * `npm run test:services [--install-only] [--except=trino,airflow] [files]`: fills the cache with what the tests name, runs
 * them one file at a time (each starts and stops what it needs), and closes with one line. What cannot be installed is a
 * failure, and so is finding no test. `--except` leaves out the files that need one of those services.
 */
import { spawn } from 'node:child_process';
import { chmodSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { serviceNamed } from './catalog.ts';

const root = join(import.meta.dirname, '..', '..');
const words = process.argv.slice(2);
const installOnly = words.includes('--install-only');
const except = words.flatMap((word) => /^--except=(.+)$/.exec(word)?.[1]?.split(',') ?? []);
const wanted = words.filter((word) => !word.startsWith('--'));
const files = globSync('{shared,engine,server,migrations,scripts}/**/*.services.test.ts', { cwd: root }).filter(
  (file) =>
    !file.includes('node_modules') &&
    (wanted.length === 0 || wanted.some((part) => file.includes(part))) &&
    !namesIn(file).some((name) => except.includes(name)),
);

/** The literal names given to `useServices`, with what they need in turn. */
function namesIn(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const calls = [...text.matchAll(/useServices\(([^)]*)\)/g)].map((match) => match[1] ?? '');
  return calls.flatMap((call) => [...call.matchAll(/'([^']+)'/g)].map((match) => match[1] ?? ''));
}

function withNeeds(name: string): string[] {
  const service = serviceNamed(name);
  const needs = service.kind === 'server' ? (service.needs ?? []) : [];
  return [...needs.flatMap(withNeeds), name];
}

const TRIES = 3;

/** A registry may fail to answer once; the third time it counts. */
async function install(name: string): Promise<boolean> {
  for (let tried = 1; tried <= TRIES; tried++) {
    const startedAt = performance.now();
    try {
      await serviceNamed(name).install();
      console.log(`${name}: in the cache after ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
      return true;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      console.error(`${name} could not be installed, try ${tried} of ${TRIES}: ${why}`);
      if (tried < TRIES) await sleep(5_000 * tried);
    }
  }
  return false;
}

function vitest(report: string, dir: string): Promise<number> {
  const bin = join(root, 'node_modules', '.bin', 'vitest');
  const reporters = ['--reporter=verbose', '--reporter=json', `--outputFile.json=${report}`];
  const env = { ...process.env, DATACRAFT_SERVICES_DIR: dir };
  return new Promise((resolve) => {
    const child = spawn(bin, ['run', '--project', 'services', ...reporters, ...files], {
      cwd: root,
      env,
      stdio: 'inherit',
    });
    child.on('error', () => resolve(1));
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

interface Report {
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly ServiceTest[];
  }[];
}

interface ServiceTest {
  readonly status: string;
  readonly fullName: string;
  readonly failureMessages: readonly string[];
}

interface Counts {
  readonly passed: number;
  /** What failed, each with the first lines of why. */
  readonly why: readonly string[];
}

const opening = (name: string, text: string): string => [name, ...text.split('\n').slice(0, 12)].join('\n');

/** A file that failed before its tests counts as one failure, and so does a run that fell over without a report. */
function countsOf(code: number, report: string): Counts {
  try {
    const { numPassedTests, testResults } = JSON.parse(readFileSync(report, 'utf8')) as Report;
    const why = testResults
      .filter((file) => file.status === 'failed')
      .flatMap((file) => {
        const failed = file.assertionResults.filter((test) => test.status === 'failed');
        if (failed.length === 0) return [opening(file.name, file.message)];
        return failed.map((test) => opening(`${file.name} › ${test.fullName}`, test.failureMessages.join('\n')));
      });
    return { passed: numPassedTests, why: code !== 0 && why.length === 0 ? [`vitest: exit ${code}`] : why };
  } catch (error) {
    return { passed: 0, why: [`the services suite left no report: ${String(error)}`] };
  }
}

const names = [...new Set(files.flatMap(namesIn).flatMap(withNeeds))];
const missing: string[] = [];
for (const name of names) if (!(await install(name))) missing.push(name);
if (installOnly) process.exit(missing.length === 0 ? 0 : 1);

const dir = mkdtempSync(join(tmpdir(), 'datacraft-services-test-'));
chmodSync(dir, 0o755);
const report = join(dir, 'report.json');
const code = files.length === 0 ? 1 : await vitest(report, dir);
const counts = countsOf(code, report);
const why = [...counts.why, ...missing.map((name) => `${name} is not to be had`)];
rmSync(dir, { recursive: true, force: true });
for (const one of why) console.log(`\n✗ ${one}`);
console.log(`\n${counts.passed} passed, ${why.length} failed`);
process.exit(why.length === 0 ? 0 : 1);
