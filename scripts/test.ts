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
  /** What failed, each with the first lines of why: a long log ends with them. */
  why?: string[];
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

/** What it says is kept until its end: others run beside it. */
function runAside(command: string, args: readonly string[]): Promise<{ code: number; said: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (said += text));
    child.on('error', (error) => resolve({ code: 1, said: `${said}${error.message}` }));
    child.on('close', (code) => resolve({ code: code ?? 1, said }));
  });
}

/** A check is one test: it holds or it does not. */
async function check(name: string, command: string, args: readonly string[]): Promise<Counts> {
  const { code, said } = await runAside(command, args);
  console.log(`\n── ${name}\n${said}`);
  if (code !== 0) console.error(`${name} failed`);
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1, why: [`${name}: exit ${code}`] };
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
  return countsOf(project, code, file, (report) => {
    const tests = (report as unknown as VitestReport).testResults.flatMap(({ name, assertionResults }) =>
      assertionResults.map((test) => ({ ...test, name })),
    );
    const failed = tests.filter(({ status }) => status === 'failed');
    return {
      passed: tests.filter(({ status }) => status === 'passed').length,
      failed: failed.length,
      why: failed.map((test) => `${test.name} › ${test.fullName}\n${opening(test.failureMessages.join('\n'))}`),
    };
  });
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
  return countsOf('end-to-end', code, file, (report) => {
    const { stats, suites } = report as unknown as PlaywrightReport;
    const failed = suites.flatMap(specsOf).filter(({ ok }) => !ok);
    const why = failed.map(({ file: spec, title, tests }) => {
      const errors = tests.flatMap(({ results }) => results.flatMap(({ error }) => error?.message ?? []));
      return `${spec} › ${title}\n${opening(errors.join('\n'))}`;
    });
    return { passed: stats.expected + stats.flaky, failed: stats.unexpected, why };
  });
}

interface VitestReport {
  testResults: {
    name: string;
    assertionResults: { status: string; fullName: string; failureMessages: string[] }[];
  }[];
}

interface PlaywrightSuite {
  suites?: PlaywrightSuite[];
  specs: {
    file: string;
    title: string;
    ok: boolean;
    tests: { results: { error?: { message?: string } }[] }[];
  }[];
}

interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number };
  suites: PlaywrightSuite[];
}

function specsOf(suite: PlaywrightSuite): PlaywrightSuite['specs'] {
  return [...suite.specs, ...(suite.suites ?? []).flatMap(specsOf)];
}

const opening = (text: string): string => text.split('\n').slice(0, 12).join('\n');

/** A runner that fell over without a report, or failed without a failed test, counts as one failure. */
function countsOf(name: string, code: number, file: string, read: (report: Record<string, unknown>) => Counts): Counts {
  try {
    const counts = read(JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>);
    if (code === 0 || counts.failed > 0) return counts;
    return { ...counts, failed: 1, why: [`${name} tests: exit ${code} without a failed test; see the log above`] };
  } catch (error) {
    return { passed: 0, failed: 1, why: [`${name} tests left no report: ${String(error)}`] };
  }
}

/** Steps that use one core each and change nothing that another of them reads: two at a time. */
const aside: Record<string, () => Promise<Counts>> = {
  // Begins first: it takes longest.
  lint: () => check('lint', bin('eslint'), ['.']),
  format: () => check('format', bin('prettier'), ['--check', '--log-level', 'warn', '.']),
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
  'types-web': () => check('types: web', 'npm', ['run', '-s', 'types', '-w', 'web']),
};

const alone: Record<string, () => Promise<Counts>> = {
  unit: () => vitest('unit'),
  integration: () => vitest('integration'),
  build: () => check('build of the web app', process.execPath, ['scripts/start.ts', '--build-only']),
  e2e: () => playwright(),
};

const wanted = process.argv.slice(2);
const total = { passed: 0, failed: 0, why: [] as string[] };

async function inTurn(steps: Iterator<[string, () => Promise<Counts>]>): Promise<void> {
  for (let next = steps.next(); next.done !== true; next = steps.next()) {
    const [name, step] = next.value;
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const counts = await step();
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.why.push(...(counts.why ?? []));
  }
}

// The web's generated types, which lint, types and tests all read.
await run('npm', ['run', 'sync', '-w', 'web']);
const checks = Object.entries(aside).values();
await Promise.all([inTurn(checks), inTurn(checks)]);
await inTurn(Object.entries(alone).values());
rmSync(reports, { recursive: true, force: true });
for (const why of total.why) console.log(`\n✗ ${why}`);
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 ? 0 : 1);
