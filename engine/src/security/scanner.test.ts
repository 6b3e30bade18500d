import fc from 'fast-check';
import { bindParameters, scanParameters } from '@datacraft/shared';
import { afterAll, describe, expect, it } from 'vitest';
import { readsOf } from '../compile/sql-reads.ts';
import { statementText } from '../compile/sql-token.ts';
import { createTestPool } from '../duckdb/testing/pool.ts';

const test = await createTestPool();
afterAll(() => test.stop());

/** What one scanner takes for a string, a comment or an identifier and another does not. */
const fragments = [
  "'", "''", '"', '""', "E'", "e'", "\\'", '\\', '$$', '$a$', '$b$', '$x', '$x$', '$1', '/*', '*/', '--', '\n', '\r', ';', ' ',
  ',', '(', ')', 'a', '1', '1e', 'é', '\u00a0', '\u2028', '\u200b', '€$x', 'a$x', "U&'", "x'", "b'", '?', '||', '::int', '@', '#1',
  ' from range(3)', "read_text('/etc/passwd')", 'select 2', '😀', '\u037e', '\ufeff', '\t', '\v', '\f', ':x', '`',
]; // prettier-ignore

interface Reading {
  readonly calls: readonly string[];
  readonly tables: readonly string[];
  readonly parameters: readonly string[];
  readonly statements: number;
}

async function reading(sql: string): Promise<Reading | null> {
  const tree = await test.pool.parse(sql);
  if (tree.kind === 'error') return null;
  const all = tree.statements.map(readsOf);
  return {
    calls: all.flatMap((each) => each.functions.map((call) => call.name)).sort(),
    tables: all.flatMap((each) => each.tables.map((table) => table.name)).sort(),
    parameters: all.flatMap((each) => each.parameters),
    statements: all.length,
  };
}

describe('the text that runs', () => {
  it('is the text that was checked: binding changes parameters into variables and nothing else', async () => {
    let understood = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...fragments), { minLength: 1, maxLength: 9 }), async (parts) => {
        const written = `select ${parts.join('')}`;
        const checked = await reading(written);
        if (checked === null || checked.statements !== 1) return;
        understood += 1;
        const named = checked.parameters.filter((name) => !/^\d+$/.test(name));
        if (named.length < checked.parameters.length) return;
        const run = bindParameters(statementText(written)).sql;
        const bound = await reading(`select * from (\n${run}\n)`);
        if (bound === null) return; // refused where it runs: nothing else ran in its place
        const label = `${JSON.stringify(written)} runs as ${JSON.stringify(run)}`;
        expect([label, bound.statements, bound.parameters]).toEqual([label, 1, []]);
        const added = bound.calls.filter((call) => call === 'getvariable').length ?? 0;
        expect(added, label).toBeGreaterThanOrEqual(new Set(named).size);
        expect(
          bound.calls.filter((call) => call !== 'getvariable'),
          label,
        ).toEqual(checked.calls.filter((call) => call !== 'getvariable'));
        expect(bound.tables, label).toEqual(checked.tables);
        if (named.length === 0) expect(added).toBe(checked.calls.filter((call) => call === 'getvariable').length);
      }),
      { numRuns: Number(process.env['FUZZ'] ?? 3000) },
    );
    expect(understood).toBeGreaterThan(100);
  }, 600_000);

  it.each([
    ['$x\u00a0$ hello $x\u00a0$', []],
    ['€$x\u00a0$x', []],
    ['a$x\u00a0$x', []],
    ['$x\u00a0, 100', ['x\u00a0']],
    ['1\u00a0+\u00a0$x', ['x']],
    ["'a'\u2003||\u2003$x || '\u00a0$y'", ['x']],
  ])('has the parameters of the engine, whatever its spaces: select %s', async (text, names) => {
    expect((await reading(`select ${text}`))?.parameters).toEqual(names);
    expect(scanParameters(`select ${text}`).map((token) => token.name)).toEqual(names);
  });
});
