/**
 * `npm run test:services [--install-only] [files]`: fills the cache with what the tests name, runs them one file at a time
 * (each starts and stops what it needs), and closes with one line. What cannot be installed is a failure, and so is finding
 * no test.
 */
import { spawn } from 'node:child_process';
import { chmodSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serviceNamed } from './catalog.ts';

const root = join(import.meta.dirname, '..', '..');
const installOnly = process.argv.includes('--install-only');
const wanted = process.argv.slice(2).filter((word) => word !== '--install-only');
const files = globSync('{shared,engine,server,migrations,scripts}/**/*.services.test.ts', { cwd: root }).filter(
  (file) => !file.includes('node_modules') && (wanted.length === 0 || wanted.some((part) => file.includes(part))),
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

async function install(name: string): Promise<boolean> {
  const startedAt = performance.now();
  try {
    await serviceNamed(name).install();
    console.log(`${name}: in the cache after ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
    return true;
  } catch (error) {
    console.error(`${name} could not be installed: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

function vitest(report: string, dir: string): Promise<number> {
  const bin = join(root, 'node_modules', '.bin', 'vitest');
  const reporters = ['--reporter=verbose', '--reporter=json', `--outputFile.json=${report}`];
  const env = { ...process.env, DATACRAFT_SERVICES_DIR: dir };
  return new Promise((resolve) => {
    const child = spawn(bin, ['run', '--project', 'services', ...reporters, ...wanted], {
      cwd: root,
      env,
      stdio: 'inherit',
    });
    child.on('error', () => resolve(1));
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

/** A run that fell over without a report, or failed without a failed test, counts as one failure. */
function countsOf(code: number, report: string): { passed: number; failed: number } {
  try {
    const counts = JSON.parse(readFileSync(report, 'utf8')) as { numPassedTests: number; numFailedTests: number };
    const failed = code !== 0 && counts.numFailedTests === 0 ? 1 : counts.numFailedTests;
    return { passed: counts.numPassedTests, failed };
  } catch {
    return { passed: 0, failed: 1 };
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
const { passed, failed } = countsOf(code, report);
rmSync(dir, { recursive: true, force: true });
if (missing.length > 0) console.error(`Not to be had: ${missing.join(', ')}`);
console.log(`\n${passed} passed, ${failed + missing.length} failed`);
process.exit(failed + missing.length === 0 ? 0 : 1);
