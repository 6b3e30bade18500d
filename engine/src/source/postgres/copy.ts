import type pg from 'pg';
import { asError, runCopy } from './copy-statement.ts';

/** What `pg` calls while a statement of ours is the one under way. */
interface Wire {
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
  return runCopy(client, text, (copying) => {
    const wait = async (room: Promise<void>, wire: Wire) => {
      wire.stream.pause();
      await room.catch((error: unknown) => (copying.problem ??= asError(error)));
      wire.stream.resume();
    };
    return {
      handleCopyData({ chunk }: { chunk: Buffer }, wire: Wire) {
        copying.rows += 1;
        const room = copying.problem ? null : write(chunk);
        if (room) void wait(room, wire);
      },
    };
  });
}
