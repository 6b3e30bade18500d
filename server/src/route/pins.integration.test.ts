import type { PinnedInput, PinRequest } from '@datacraft/shared';
import { readNotebook, setSource } from '@datacraft/shared/ydoc';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestServer, Visitor } from '../testing/test-server.ts';
import { startTestServer } from '../testing/test-server.ts';

let test: TestServer;
let ana: Visitor;
let bruno: Visitor;
let id: string;
let cellId: string;
beforeAll(async () => {
  test = await startTestServer();
  ana = await test.owner();
  bruno = await test.member('viewer');
  const text =
    '---\ndatacraft: 1\ntitle: Held\n---\n\n```sql orders\nselect 1 as id\n```\n\n```sql totals\nfrom orders\n```\n';
  id = (await ana.call('POST', '/notebooks/import', text, { 'content-type': 'text/markdown' })).json.id;
  cellId = readNotebook((await test.server.deps.rooms.open(id)).doc).cells[0]?.id ?? '';
});
afterAll(() => test.close());

const rows = Buffer.from('the rows, as the browser had them').toString('base64');
const request = (given: Partial<PinRequest> = {}): PinRequest => ({
  name: 'orders',
  columns: [{ name: 'id', type: 'INTEGER' }],
  rowCount: 1,
  extent: { kind: 'full' },
  rows,
  ...given,
});
const pin = (who: Visitor, cell = cellId, given: Partial<PinRequest> = {}) =>
  who.call('PUT', `/notebooks/${id}/pins/${cell}`, request(given));
const pins = async (who: Visitor): Promise<PinnedInput[]> => (await who.call('GET', `/notebooks/${id}/pins`)).json;
const edit = (by: Visitor, text: string) =>
  test.server.deps.rooms.change(
    id,
    (doc) => {
      const cell = readNotebook(doc).cells.find((each) => each.id === cellId);
      if (cell) setSource(doc, cell.id, text + cell.source, 'server');
    },
    by.me?.id ?? null,
  );

describe('pinned inputs', () => {
  it('are of one person, from viewer up, and are told with who changed the cell since', async () => {
    expect((await pin(bruno)).status).toBe(204);
    expect(await pins(bruno)).toMatchObject([{ cellId, name: 'orders', rowCount: 1, changedBy: [] }]);
    expect(await pins(ana)).toEqual([]);
    await edit(ana, '-- cheaper\n');
    await edit(bruno, '-- mine\n');
    expect((await pins(bruno))[0]?.changedBy).toEqual([{ id: ana.me?.id, name: ana.me?.name }]);
    const held = await bruno.call('GET', `/notebooks/${id}/pins/${cellId}/rows`);
    expect(held.text).toBe('the rows, as the browser had them');
    expect((await ana.call('GET', `/notebooks/${id}/pins/${cellId}/rows`)).status).toBe(404);
  });

  it('are taken anew in place of those before, and released', async () => {
    await edit(ana, '-- again\n');
    expect((await pin(bruno, cellId, { rowCount: 2 })).status).toBe(204);
    expect(await pins(bruno)).toMatchObject([{ rowCount: 2, changedBy: [] }]);
    expect((await bruno.call('DELETE', `/notebooks/${id}/pins/${cellId}`)).status).toBe(204);
    expect(await pins(bruno)).toEqual([]);
  });

  it('are refused to strangers, of cells that are not there, and in a form that is none', async () => {
    expect((await pin(test.anonymous())).status).toBe(401);
    expect((await pin(bruno, 'cell_none')).status).toBe(404);
    expect((await pin(bruno, cellId, { rows: '%%%' })).status).toBe(400);
    expect((await pin(bruno, cellId, { rows: 'A'.repeat(9_000_000) })).status).toBe(413);
    expect((await bruno.call('PUT', `/notebooks/nb_guess/pins/${cellId}`, request())).status).toBe(404);
  });
});
