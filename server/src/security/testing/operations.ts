import type { Role } from '@datacraft/shared';
import type { TestServer } from '../../testing/test-server.ts';
import type { Right } from './rights/right.ts';
import { accountRights } from './rights/account.ts';
import { dataRights } from './rights/data.ts';
import { notebookRights } from './rights/notebook.ts';
import { runRights } from './rights/run.ts';

interface Operation {
  readonly method: string;
  readonly path: string;
}

/** Every operation that the API describes of itself. */
export async function operations(test: TestServer): Promise<Operation[]> {
  const { paths } = (await test.anonymous().call('GET', '/openapi.json')).json as { paths: Record<string, object> };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path })),
  );
}

/** Paths that ask for no account. */
export const opens = (path: string) =>
  /\/(setup|auth\/(signup|login|logout)|invitations\/by-token\/\{token\}|dashboards\/\{token\}(\/(data|events|pdf))?|(notebook-links|triggers)\/\{token\}|openapi\.json)$/.test(
    path,
  );

const reading: Right = [/^GET /, 'viewer'];
/** The first that fits says from which role on an operation may succeed; a new row goes into the file of its room. */
const rights: readonly Right[] = [...accountRights, reading, ...dataRights, ...notebookRights, ...runRights];

/** What changes something needs more than a viewer, unless a row says otherwise. */
export const lowestRole = ({ method, path }: Operation): Role =>
  rights.find(([pattern]) => pattern.test(`${method} ${path}`))?.[1] ?? 'editor';

export const concrete = (path: string, ids: Record<string, string>) =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? 'x');
