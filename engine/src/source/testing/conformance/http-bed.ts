import { createApiServer } from '../api-server.ts';
import { remoteAccess } from '../remote-database.ts';
import type { MakeBed } from './bed.ts';

const PAGE = 7;

/** An API that gives what it holds page by page, from an id on where one is asked for. */
export function apiBed(more: string): MakeBed {
  return async () => {
    const held: object[] = [];
    const server = await createApiServer(({ url }) => {
      const since = Number(url.searchParams.get('since') ?? 0);
      const page = Number(url.searchParams.get('page'));
      const asked = held.filter((row) => !('id' in row) || typeof row.id !== 'number' || row.id >= since);
      return { body: { data: asked.slice((page - 1) * PAGE, page * PAGE) } };
    });
    return {
      keys: `type: http\nurl: ${server.origin}/rows\nrecords: $.data\npagination: { type: page }\ncolumns: { id: integer }${more}`,
      remote: remoteAccess([server.host]),
      put: (rows) => Promise.resolve(void held.push(...rows)),
      putBad: () => Promise.resolve(void held.push({ id: 'none', name: 'bad' })),
      close: server.stop,
    };
  };
}
