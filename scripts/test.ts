/**
 * `npm test`: every test that needs no outside service, one after another, with one closing line that counts them all.
 * A step that fails does not hide the ones after it.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromiumPath } from './chromium.ts';

const root = join(import.meta.dirname, '..');
const bin = (name: string) => join(root, 'node_modules', '.bin', name);
const reports = mkdtempSync(join(tmpdir(), 'datacraft-test-'));

interface Counts {
  passed: number;
  failed: number;
}

function run(command: string, args: readonly string[], env: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...env },
    });
    child.on('error', () => resolve(1));
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

/** A check is one test: it holds or it does not. */
async function check(name: string, command: string, args: readonly string[]): Promise<Counts> {
  console.log(`\n── ${name}`);
  const code = await run(command, args);
  if (code !== 0) console.error(`${name} failed`);
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 };
}

async function vitest(project: string): Promise<Counts> {
  console.log(`\n── ${project} tests`);
  const file = join(reports, `${project}.json`);
  const code = await run(bin('vitest'), [
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ]);
  return countsOf(code, file, (report) => ({
    passed: Number(report['numPassedTests']),
    failed: Number(report['numFailedTests']),
  }));
}

async function playwright(): Promise<Counts> {
  console.log('\n── end-to-end tests');
  const chromium = await chromiumPath();
  if (chromium === null) {
    console.error(
      'No Chromium was found or could be installed. Run: apt-get install chromium  (or: npx playwright install chromium)',
    );
    return { passed: 0, failed: 1 };
  }
  console.log(`Chromium: ${chromium}`);
  const file = join(reports, 'e2e.json');
  const args = ['test', '-c', 'web/e2e/playwright.config.ts', '--reporter=list,json'];
  const code = await run(bin('playwright'), args, { CHROMIUM: chromium, PLAYWRIGHT_JSON_OUTPUT_FILE: file });
  return countsOf(code, file, (report) => {
    const stats = report['stats'] as { expected: number; unexpected: number; flaky: number };
    return { passed: stats.expected + stats.flaky, failed: stats.unexpected };
  });
}

/** A runner that fell over without a report, or failed without a failed test, counts as one failure. */
function countsOf(code: number, file: string, read: (report: Record<string, unknown>) => Counts): Counts {
  try {
    const counts = read(JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>);
    return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
  } catch {
    return { passed: 0, failed: 1 };
  }
}

const steps: Record<string, () => Promise<Counts>> = {
  format: () => check('format', bin('prettier'), ['--check', '--log-level', 'warn', '.']),
  lint: () => check('lint', bin('eslint'), ['.']),
  arrows: () =>
    check('import rules', bin('depcruise'), [
      'shared/src',
      'engine/src',
      'server/src',
      'web/src',
      'migrations',
      '--config',
      '.dependency-cruiser.cjs',
    ]),
  dead: () => check('dead exports', bin('knip'), []),
  'types-shared': () => check('types: shared', bin('tsc'), ['-p', 'shared']),
  types: () => check('types: engine, server, scripts', bin('tsc'), ['-p', 'tsconfig.json']),
  'types-web': () => check('types: web', 'npm', ['run', 'check', '-w', 'web']),
  unit: () => vitest('unit'),
  integration: () => vitest('integration'),
  build: () => check('build of the web app', process.execPath, ['scripts/start.ts', '--build-only']),
  e2e: () => playwright(),
};

const wanted = process.argv.slice(2);
// The web's generated types, which lint, types and tests all read.
await run('npm', ['run', 'sync', '-w', 'web']);
const total: Counts = { passed: 0, failed: 0 };
for (const [name, step] of Object.entries(steps)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const counts = await step();
  total.passed += counts.passed;
  total.failed += counts.failed;
}
rmSync(reports, { recursive: true, force: true });
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 ? 0 : 1);
