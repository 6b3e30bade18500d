import { compile, createDuckPool } from '@datacraft/engine';
import type { Notebook } from '@datacraft/shared';
import { parseNotebook } from '@datacraft/shared';
import { afterAll, expect, it } from 'vitest';
import { changedCells } from './changed-cells.ts';

const duck = createDuckPool({ memoryLimitMb: 256, threads: 1 });
afterAll(() => duck.stop());
const compiled = (notebook: Notebook) => compile(notebook, duck);

const text = `---\ndatacraft: 1\ntitle: T\n---

\`\`\`source sold\ntype: webhook\ncolumns: { total: integer }\n\`\`\`

\`\`\`sql sum\nselect sum(total) as total from sold\n\`\`\`

\`\`\`sql aside\nselect 1 as one\n\`\`\`

\`\`\`chart shown\nfrom: sum\ntype: bar\nx: total\ny: total\n\`\`\`
`;
const changed = (from: string, to: string, source = 'sold') =>
  changedCells(parseNotebook(text).notebook, parseNotebook(text.replaceAll(from, to)).notebook, source, compiled);

it('tells cells that a stream makes and that are written otherwise now', async () => {
  expect(await changed('', '')).toEqual([]);
  expect(await changed('select sum(total)', 'select 2 * sum(total)')).toEqual(['sum']);
  expect(await changed('type: webhook', 'type: webhook\nrejects: table')).toEqual(['sold']);
  expect(await changed('from sold\n```', 'from sold\n```\n\n```sql more\nselect * from sum\n```')).toEqual(['more']);
});

it('tells nothing of cells that it does not make', async () => {
  expect(await changed('select 1', 'select 2')).toEqual([]);
  expect(await changed('type: bar', 'type: line')).toEqual([]);
});
