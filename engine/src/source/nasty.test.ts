import type { SourceSpec } from '@datacraft/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nastyAvro, nastyExcel, nastyParquet } from './testing/nasty/binary.ts';
import { nastyCsvText } from './testing/nasty/csv-text.ts';
import { nastyCsvValues } from './testing/nasty/csv-values.ts';
import { nastyJson } from './testing/nasty/json.ts';
import type { NastyFile } from './testing/nasty/nasty-file.ts';
import type { Workbench } from './testing/workbench.ts';
import { createWorkbench, faultOf } from './testing/workbench.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await createWorkbench();
});
afterAll(() => bench.stop());

const kinds = {
  csv: [...nastyCsvText, ...nastyCsvValues],
  json: nastyJson,
  parquet: nastyParquet,
  avro: nastyAvro,
  excel: nastyExcel,
};

it('there are sixty files that the world writes and more', () => {
  const all = Object.values(kinds).flat();
  expect(all.length).toBeGreaterThanOrEqual(60);
  for (const { what, rows, refused } of all) expect([what, rows !== undefined]).toEqual([what, refused === undefined]);
});

async function specOf(type: keyof typeof kinds, file: NastyFile): Promise<SourceSpec> {
  const name = `${type}-${file.what.replaceAll(/\W+/g, '-')}.${type === 'excel' ? 'xlsx' : type}`;
  const content = typeof file.content === 'function' ? await file.content(bench, name) : file.content;
  await bench.file(name, content);
  return { type, path: name, ...file.options } as SourceSpec;
}

for (const [type, files] of Object.entries(kinds) as [keyof typeof kinds, readonly NastyFile[]][])
  describe(`${type}: a file with`, () => {
    it.each(files.filter(({ refused }) => refused === undefined))('$what loads as documented', async (file) => {
      const spec = await specOf(type, file);
      const bad = file.rejects ?? [];
      if (bad.length > 0) expect((await faultOf(bench.read(spec))).code).toBe('source-rows-rejected');
      const { page, rejects } = await bench.read({ ...spec, rejects: 'table' });
      expect(page.rows).toEqual(file.rows);
      if (file.columns) expect(page.columns.map(({ name }) => name)).toEqual(file.columns);
      expect(rejects.map(({ line }) => line)).toEqual(bad.map(([line]) => line));
      bad.forEach(([, reason], at) => expect(rejects[at]?.['reason']).toMatch(reason));
    });

    it.each(files.filter(({ refused }) => refused !== undefined))('$what is refused, with words', async (file) => {
      const fault = await faultOf(bench.read(await specOf(type, file)));
      expect(['source-unreadable', 'unsupported']).toContain(fault.code);
      expect(fault.message).toMatch(file.refused ?? /never/);
    });
  });
