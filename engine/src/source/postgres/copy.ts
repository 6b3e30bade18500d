import type pg from 'pg';

/** What `pg` calls while a statement of ours is the one under way. */
interface Wire {
  query(text: string): void;
  readonly stream: { pause(): void; resume(): void };
}

/**
 * Streams `COPY … TO STDOUT`: `write` gets each row with its line break and answers what to wait for before more is
 * read. Resolves with the number of rows.
 */
export function copyOut(
  client: pg.Client,
  text: string,
  write: (row: Buffer) => Promise<void> | null,
): Promise<number> {
  return new Promise((settle, fail) => {
    let rows = 0;
    let problem: Error | null = null;
    const onEnd = () => fail(problem ?? new Error('the connection broke off'));
    client.once('end', onEnd);
    const finish = () => {
      client.off('end', onEnd);
      if (problem) fail(problem);
      else settle(rows);
    };
    const wait = async (room: Promise<void>, wire: Wire) => {
      wire.stream.pause();
      await room.catch((error: unknown) => (problem ??= error instanceof Error ? error : new Error(String(error))));
      wire.stream.resume();
    };
    client.query({
      submit: (wire: Wire) => wire.query(text),
      handleCopyData({ chunk }: { chunk: Buffer }, wire: Wire) {
        rows += 1;
        const room = problem ? null : write(chunk);
        if (room) void wait(room, wire);
      },
      handleError(error: Error) {
        problem ??= error;
        finish();
      },
      handleReadyForQuery: finish,
      handleRowDescription: () => undefined,
      handleDataRow: () => undefined,
      handleCommandComplete: () => undefined,
      handleEmptyQuery: finish,
    } as unknown as pg.Submittable);
  });
}
