import { appendEvents, readEvents } from '../../../store/stream-events.ts';
import { remoteAccess } from '../remote-database.ts';
import type { MakeBed } from './bed.ts';

/** The log that `POST /api/v1/streams/{source}/events` writes to, each event by its key. */
export const webhookBed: MakeBed = (name, shop) => {
  const { db } = shop.deps;
  const relation = `bronze.${name}`;
  const push = async (events: readonly { readonly id: unknown }[]) => {
    const keyed = events.map((event) => ({ key: String(event.id), body: JSON.stringify(event) }));
    await appendEvents(db, relation, keyed, null);
    await appendEvents(db, relation, keyed, null); // who got no answer sends again
  };
  return Promise.resolve({
    keys: 'type: webhook\nkey: id\ncolumns: { id: integer }',
    remote: {
      ...remoteAccess([]),
      events: (of: string, after: string, limit: number) => readEvents(db, of, after, limit),
    },
    put: push,
    putBad: () => push([{ id: 'none' }]),
  });
};
