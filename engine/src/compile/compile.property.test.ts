import fc from 'fast-check';
import type { Json } from '@datacraft/shared';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SqlTree } from '../duckdb/session.ts';
import { compile } from './compile.ts';
import { fingerprintsOf } from './fingerprint.ts';
import type { Graph } from './graph.ts';
import { aNotebook } from './testing/a-notebook.ts';
import { anyShuffle } from './testing/any-notebook.ts';
import { createParse } from './testing/duck-parse.ts';

let parse: (sql: string) => Promise<SqlTree>;
beforeAll(async () => {
  parse = await createParse();
});

const known = { sourceIdentity: () => 'x', tableSnapshot: () => '1', params: {} };
function comparable(graph: Graph) {
  return Object.fromEntries([...graph.cells].map(([name, cell]) => [name, { ...cell, id: null }]).sort());
}

describe('compile, for any notebook', () => {
  it('gives the same cells and fingerprints whatever the order of the page', async () => {
    await fc.assert(
      fc.asyncProperty(anyShuffle, async ({ cells, shuffled }) => {
        const a = await compile(aNotebook(...cells), { parse });
        const b = await compile(aNotebook(...shuffled), { parse });
        expect(comparable(b.graph)).toEqual(comparable(a.graph));
        expect(Object.fromEntries(fingerprintsOf(b.graph, known))).toEqual(
          Object.fromEntries(fingerprintsOf(a.graph, known)),
        );
        expect(a.diagnostics).toEqual([]);
        for (const { graph } of [a, b]) {
          for (const [name, cell] of graph.cells) {
            for (const read of [...cell.dependsOn, ...cell.inputs])
              expect(graph.order.indexOf(read)).toBeLessThan(graph.order.indexOf(name));
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  const fragments = [
    'select',
    'from',
    'a',
    'b',
    '*',
    '(',
    ')',
    ',',
    ';',
    "'",
    '"',
    '$',
    '$a',
    '$$',
    '--',
    '/*',
    '*/',
    '\n',
    'with',
    'as',
    '1',
    'é',
    '😀',
    '\0',
    '\ud800',
    'pivot',
    'union',
    '::',
    '[',
    '{',
  ];
  const anySql = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.array(fc.constantFrom(...fragments), { maxLength: 14 }).map((parts) => parts.join(' ')),
    fc.array(fc.constantFrom(...fragments), { maxLength: 14 }).map((parts) => parts.join('')),
  );
  const anyConfig = fc.dictionary(
    fc.constantFrom(
      'type',
      'from',
      'path',
      'layer',
      'materialize',
      'expect',
      'options',
      'table',
      'default',
      'x',
      'nope',
      '__proto__',
    ),
    fc.oneof(
      fc.jsonValue() as fc.Arbitrary<Json>,
      fc.constantFrom<Json>('csv', 'table', 'select', 'a', 'silver', 'silver.b', 'bar'),
    ),
  );
  const anyCell = fc.record({
    kind: fc.constantFrom(
      'sql' as const,
      'source' as const,
      'chart' as const,
      'input' as const,
      'model' as const,
      'transform' as const,
      'markdown' as const,
    ),
    name: fc.oneof(fc.constantFrom('a', 'b', 'c', '', 'constructor', 'A b', '__proto__'), fc.string({ maxLength: 8 })),
    source: anySql,
    config: anyConfig,
  });

  it('never throws, whatever people write, and puts every finding inside the text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyCell, { maxLength: 4 }), async (cells) => {
        const notebook = aNotebook(...cells);
        const { graph, diagnostics } = await compile(notebook, { parse });
        expect(new Set(graph.order)).toEqual(new Set(graph.cells.keys()));
        fingerprintsOf(graph, known);
        for (const diagnostic of diagnostics) {
          expect(diagnostic.message).not.toBe('');
          const text = notebook.cells.find((cell) => cell.id === diagnostic.cellId)?.source ?? '';
          const line = text.split('\n')[diagnostic.line - 1];
          if (diagnostic.part !== 'source') continue;
          expect(line).toBeDefined();
          expect(diagnostic.column).toBeGreaterThan(0);
          expect(diagnostic.column).toBeLessThanOrEqual((line ?? '').length + 1);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('reads texts as deep and as long as they come', async () => {
    const deep = `select ${'('.repeat(500)}1${')'.repeat(500)}`;
    const long = `select ${Array.from({ length: 3000 }, (_, at) => at).join(' + ')}`;
    const nested = `${'select * from ('.repeat(100)}select 1${')'.repeat(100)}`;
    for (const source of [deep, long, nested]) {
      const { graph } = await compile(aNotebook({ name: 'a', source }), { parse });
      expect(graph.cells.get('a')?.name).toBe('a');
    }
  });
});
