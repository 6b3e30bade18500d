import type { JsonObject } from '@datacraft/shared';
import { afterAll, expect, it } from 'vitest';
import { compile } from '../compile/compile.ts';
import { aNotebook, csv, input, sql } from '../compile/testing/a-notebook.ts';
import { createDuckPool } from '../duckdb/pool.ts';
import { exportDbt } from './export/project.ts';

const pool = createDuckPool({ size: 1, warm: 1 });
const parse = (text: string) => pool.parse(text);
afterAll(() => pool.stop());

const select = 'select id, day, name, amount from raw where amount > $least';
const ledger = { time_column: 'day', start: '2024-01-01' };
const keeps: Record<string, JsonObject> = {
  plain: {},
  described: { materialize: 'view' },
  short: { materialize: 'ephemeral' },
  merged: { materialize: 'incremental', strategy: 'merge', unique_key: ['id', 'day'], sequence_by: 'day' },
  merged_days: { materialize: 'incremental', strategy: 'merge', unique_key: 'id', ...ledger, lookback: 3 },
  merged_new: { materialize: 'incremental', unique_key: 'id', sequence_by: 'day', insert_only: true },
  merged_all: { materialize: 'incremental', strategy: 'merge', unique_key: 'id', unmatched: 'delete' },
  merged_both: { materialize: 'incremental', unique_key: ['id', 'day'], insert_only: true, unmatched: 'delete' },
  appended: { materialize: 'incremental', strategy: 'append', ...ledger, interval: 'quarter', lookback: 2 },
  begun: { materialize: 'incremental', strategy: 'append', ...ledger, allow_partials: true },
  replaced: { materialize: 'incremental', strategy: 'replace_interval', ...ledger, interval: 'month' },
  dim_first: { materialize: 'dimension', scd: 0, unique_key: 'id' },
  dim_last: { materialize: 'dimension', unique_key: 'id', sequence_by: 'day' },
  dim_versions: { materialize: 'dimension', scd: 2, unique_key: ['id', 'name'], sequence_by: 'day' },
  fact: {
    materialize: 'fact',
    dimensions: { id: 'dim_last', 'id, name': 'dim_versions' },
    time_column: 'day',
    unique_key: 'id',
  },
  hub_id: { materialize: 'hub', unique_key: 'id' },
  hub_name: { materialize: 'hub', unique_key: 'name', sequence_by: 'day' },
  link_both: { materialize: 'link', hubs: { id: 'hub_id', name: 'hub_name' } },
  sat: { materialize: 'satellite', hub: 'hub_id', unique_key: 'id', sequence_by: 'day' },
};
const rules = {
  expect: [
    { expression: 'amount >= 0', on_violation: 'quarantine' },
    { unique: 'id', on_violation: 'drop' },
  ],
};

/** Every text that a model or snapshot may be, with names in the place of what Jinja gives. */
function textsOf(file: string): string[] {
  const body = file
    .replace(/\{% (end)?snapshot[^%]*%\}/g, '')
    .replace(/\{\{ config\([^\n]*\) \}\}/, '')
    .replace(/\{\{ (?:ref|source)\('(?:\w+', ')?(\w+)'\) \}\}/g, '$1')
    .replaceAll('{{ this }}', 'this_table')
    .replace(/\{\{ parameter\('\w+', '\w+'\) \}\}/g, '1')
    .replace(/\{\{ run_started_at[^}]*\}\}/g, '2024-01-01')
    .replaceAll('{{ invocation_id }}', 'x');
  return body
    .split(/\{% (?:if|else|endif)[^%]*%\}/)
    .map((text) => text.trim())
    .filter((text) => text !== '');
}

it('every way a cell is kept gives SQL that DuckDB parses, on a first run and on later ones', async () => {
  const cells = Object.entries(keeps).map(([name, config]) =>
    sql(name, select, { ...config, ...(name === 'described' ? {} : rules) }),
  );
  const notebook = aNotebook(csv('raw'), input('least'), ...cells);
  const { graph, diagnostics } = await compile(notebook, { parse });
  expect(diagnostics.filter(({ severity, code }) => severity === 'error' && code !== 'view-reads-input')).toEqual([]);
  const known = ['id', 'day', 'name', 'amount'].map((name) => ({ name, type: 'INTEGER' }));
  const columns = new Map(Object.keys(keeps).map((name) => [`silver.${name}`, known]));
  const { files, notes } = await exportDbt({ notebook, graph, parse, columns, rows: new Map() });
  const models = [...files].filter(([path]) => /^(models|snapshots)\/.*\.sql$/.test(path));
  expect(models.length).toBeGreaterThan(25);
  for (const [path, file] of models)
    for (const text of textsOf(String(file))) {
      expect(text, path).not.toMatch(/\{[{%]/);
      expect(await parse(text), `${path}\n${text}`).toMatchObject({ kind: 'tree', statements: [expect.anything()] });
    }
  expect(notes.filter(({ message }) => message.includes('cannot say'))).toEqual([]);
});
