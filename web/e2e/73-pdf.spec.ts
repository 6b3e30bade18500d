import { readFile } from 'node:fs/promises';
import { expect, test } from './fixtures.ts';

const text = `
\`\`\`sql sold_73
---
layer: gold
---
select * from (values ('Loja física', 120), ('Site', 340)) t(channel, amount)
\`\`\`

\`\`\`chart bars_73
from: sold_73
type: bar
x: channel
y: amount
\`\`\`
`;

test('whoever has the link of a dashboard takes it along as a PDF file', async ({ api, stranger }) => {
  const id = await api.importNotebook('PDF 73', text);
  await api.run(id);
  const { token } = await api.post<{ token: string }>(`/notebooks/${id}/publish`, {});
  const page = await stranger.newPage();
  await page.goto(`/d/${token}`);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download as PDF' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('PDF 73 v1.pdf');
  expect((await readFile(await download.path())).subarray(0, 5).toString()).toBe('%PDF-');
});
