import { once } from 'node:events';
import type { Readable } from 'node:stream';
import type pg from 'pg';
import { asError, runCopy } from './copy-statement.ts';

/** What `pg` gives a statement of ours that the server asked for rows. */
interface Wire {
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(reason: string): void;
  readonly stream: NodeJS.WritableStream & { readonly writableNeedDrain: boolean };
}

/** Streams `from` into `COPY … FROM STDIN`. Resolves with the number of rows; a broken stream makes the server forget them. */
export function copyIn(client: pg.Client, text: string, from: Readable): Promise<number> {
  return runCopy(client, text, (copying) => {
    const feed = async (wire: Wire) => {
      try {
        for await (const chunk of from as AsyncIterable<Buffer>) {
          if (copying.problem) return;
          wire.sendCopyFromChunk(chunk);
          if (wire.stream.writableNeedDrain) await once(wire.stream, 'drain');
        }
        wire.endCopyFrom();
      } catch (error) {
        copying.problem ??= asError(error);
        wire.sendCopyFail('the rows broke off');
      }
    };
    return {
      handleCopyInResponse: (wire: Wire) => void feed(wire),
      handleCommandComplete({ text: tag }: { text: string }) {
        copying.rows = Number(/^COPY (\d+)$/.exec(tag)?.[1] ?? 0);
      },
    };
  });
}
