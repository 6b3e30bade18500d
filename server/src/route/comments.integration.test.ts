import type { CommentThread, Notification } from '@datacraft/shared';
import type { sourceText } from '@datacraft/shared/ydoc';
import { anchorOf, cellsMap, readNotebook } from '@datacraft/shared/ydoc';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestServer, Visitor } from '../testing/test-server.ts';
import { startTestServer } from '../testing/test-server.ts';

let test: TestServer;
let owner: Visitor;
let commenter: Visitor;
let viewer: Visitor;
let id: string;
let cellId: string;
beforeAll(async () => {
  test = await startTestServer();
  owner = await test.owner();
  [commenter, viewer] = [await test.member('commenter'), await test.member('viewer')];
  const text = '---\ndatacraft: 1\ntitle: Talk\n---\n\n```sql orders\nselect amount from orders_raw\n```\n';
  id = (await owner.call('POST', '/notebooks/import', text, { 'content-type': 'text/markdown' })).json.id;
  cellId = readNotebook((await test.server.deps.rooms.open(id)).doc).cells[0]?.id ?? '';
});
afterAll(() => test.close());

const threads = async (who: Visitor): Promise<CommentThread[]> =>
  (await who.call('GET', `/notebooks/${id}/comments`)).json;
const thread = async (who: Visitor, threadId: string) => (await threads(who)).find((one) => one.id === threadId);
const open = (who: Visitor, body: object) =>
  who.call('POST', `/notebooks/${id}/comments`, { place: 'cell', cellId, body: 'look', ...body });
const notifications = async (who: Visitor): Promise<Notification[]> => (await who.call('GET', '/notifications')).json;

describe('comments', () => {
  it('are written from commenter up and read by everybody', async () => {
    expect((await open(viewer, {})).status).toBe(403);
    const opened = await open(commenter, { body: 'is this right?' });
    expect(opened.status).toBe(201);
    expect(await thread(viewer, opened.json.id)).toMatchObject({
      place: 'cell',
      cellId,
      cellLabel: 'orders',
      unread: true,
      comments: [{ body: 'is this right?', author: { id: commenter.me?.id, name: commenter.me?.name } }],
    });
    expect((await thread(commenter, opened.json.id))?.unread).toBe(false);
    const reply = `/notebooks/${id}/comments/${opened.json.id}/replies`;
    expect((await viewer.call('POST', reply, { body: 'no' })).status).toBe(403);
    expect((await test.anonymous().call('GET', `/notebooks/${id}/comments`)).status).toBe(401);
  });

  it('keep the anchor and the quote of a text', async () => {
    const { doc } = await test.server.deps.rooms.open(id);
    const key = [...cellsMap(doc).keys()][0] as Parameters<typeof sourceText>[1];
    const anchor = anchorOf(doc, key, { from: 7, to: 13 });
    const { json, status } = await open(commenter, { place: 'text', anchor, quote: 'amount' });
    expect(status).toBe(201);
    expect(await thread(owner, json.id)).toMatchObject({ place: 'text', anchor, quote: 'amount' });
    expect((await open(commenter, { place: 'text' })).json).toMatchObject({ code: 'bad-request' });
    expect((await open(commenter, { place: 'cell', anchor })).status).toBe(400);
    expect((await open(commenter, { cellId: 'cell_none' })).status).toBe(404);
  });

  it('tell the mentioned once, the thread of answers, and nobody of their own', async () => {
    const runner = await test.member('runner');
    const { json } = await open(commenter, { body: '@runner look', mentions: [runner.me?.id] });
    expect(await notifications(runner)).toMatchObject([{ kind: 'mention', threadId: json.id, readAt: null }]);
    expect((await notifications(commenter)).filter((one) => one.threadId === json.id)).toEqual([]);
    await runner.call('POST', `/notebooks/${id}/comments/${json.id}/replies`, {
      body: '@commenter done',
      mentions: [commenter.me?.id, commenter.me?.id],
    });
    await owner.call('POST', `/notebooks/${id}/comments/${json.id}/replies`, { body: 'thanks' });
    expect((await notifications(commenter)).filter((one) => one.threadId === json.id).map((one) => one.kind)).toEqual([
      'reply',
      'mention',
    ]);
    expect((await notifications(runner)).map((one) => one.kind)).toEqual(['reply', 'mention']);
    expect((await notifications(viewer)).length).toBe(0);
    expect((await open(commenter, { mentions: ['usr_nobody'] })).status).toBe(400);
  });

  it('are read per person, and their notifications with them', async () => {
    const { json } = await open(commenter, { mentions: [owner.me?.id] });
    expect((await thread(owner, json.id))?.unread).toBe(true);
    await owner.call('POST', `/notebooks/${id}/comments/read`, { threadIds: [json.id] });
    expect((await thread(owner, json.id))?.unread).toBe(false);
    expect((await thread(viewer, json.id))?.unread).toBe(true);
    expect((await notifications(owner)).find((one) => one.threadId === json.id)?.readAt).not.toBeNull();
    await open(commenter, { mentions: [owner.me?.id] });
    expect((await notifications(owner))[0]?.readAt).toBeNull();
    await owner.call('POST', '/notifications/read', {});
    expect((await notifications(owner)).every((one) => one.readAt !== null)).toBe(true);
  });

  it('are resolved and reopened, and an answer reopens', async () => {
    const { json } = await open(commenter, {});
    const path = `/notebooks/${id}/comments/${json.id}`;
    expect((await viewer.call('PATCH', path, { resolved: true })).status).toBe(403);
    expect((await owner.call('PATCH', path, { resolved: true })).status).toBe(204);
    expect(await thread(commenter, json.id)).toMatchObject({ resolvedBy: { name: 'owner' } });
    await commenter.call('POST', `${path}/replies`, { body: 'not yet' });
    expect(await thread(commenter, json.id)).toMatchObject({ resolvedAt: null, resolvedBy: null });
  });

  it('are changed and deleted by their author alone, within their notebook', async () => {
    const { json } = await open(commenter, { body: 'typo' });
    const commentId = (await thread(commenter, json.id))?.comments[0]?.id;
    const path = `/notebooks/${id}/comments/by-id/${commentId}`;
    expect((await owner.call('PATCH', path, { body: 'mine now' })).status).toBe(404);
    expect((await commenter.call('PATCH', path, { body: 'mended' })).status).toBe(204);
    expect(await thread(viewer, json.id)).toMatchObject({
      comments: [{ body: 'mended', editedAt: expect.any(String) }],
    });
    const other = (await owner.call('POST', '/notebooks', { title: 'Other' })).json.id;
    expect((await commenter.call('DELETE', path.replace(id, other))).status).toBe(404);
    expect((await commenter.call('DELETE', path)).status).toBe(204);
    expect(await thread(viewer, json.id)).toMatchObject({ comments: [{ body: '', deletedAt: expect.any(String) }] });
  });

  it('are announced to everybody in the notebook', async () => {
    const heard: string[] = [];
    const stop = test.server.deps.live.subscribe(id, (event) => heard.push(event.type));
    await open(commenter, {});
    stop();
    expect(heard).toContain('comments');
  });
});
