import type pg from 'pg';

/** A COPY while it is under way: what was counted, and the first thing that went wrong. */
export interface Copying {
  rows: number;
  problem: Error | null;
}

/**
 * Runs one COPY as a statement of our own; `handlers` are what `pg` calls while it is under way. Resolves with the rows
 * that were counted when the server is ready again, and fails with the first problem, also when the connection breaks off.
 */
export function runCopy(client: pg.Client, text: string, handlers: (copying: Copying) => object): Promise<number> {
  return new Promise((settle, fail) => {
    const copying: Copying = { rows: 0, problem: null };
    const onEnd = () => fail(copying.problem ?? new Error('the connection broke off'));
    client.once('end', onEnd);
    const finish = () => {
      client.off('end', onEnd);
      if (copying.problem) fail(copying.problem);
      else settle(copying.rows);
    };
    client.query({
      submit: (wire: { query(text: string): void }) => wire.query(text),
      handleError(error: Error) {
        copying.problem ??= error;
        finish();
      },
      handleReadyForQuery: finish,
      handleEmptyQuery: finish,
      handleRowDescription: () => undefined,
      handleDataRow: () => undefined,
      handleCommandComplete: () => undefined,
      ...handlers(copying),
    } as unknown as pg.Submittable);
  });
}

export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
