import { once } from 'node:events';
import type { Readable } from 'node:stream';
import type pg from 'pg';

/** What `pg` gives a statement of ours that the server asked for rows. */
interface Wire {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(reason: string): void;
  readonly stream: NodeJS.WritableStream & { readonly writableNeedDrain: boolean };
}

/** Streams `from` into `COPY … FROM STDIN`. Resolves with the number of rows; a broken stream makes the server forget them. */
export function copyIn(client: pg.Client, text: string, from: Readable): Promise<number> {
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
    const feed = async (wire: Wire) => {
      try {
        for await (const chunk of from as AsyncIterable<Buffer>) {
          if (problem) return;
          wire.sendCopyFromChunk(chunk);
          if (wire.stream.writableNeedDrain) await once(wire.stream, 'drain');
        }
        wire.endCopyFrom();
      } catch (error) {
        problem ??= error instanceof Error ? error : new Error(String(error));
        wire.sendCopyFail('the rows broke off');
      }
    };
    client.query({
      submit: (wire: Wire) => wire.query(text),
      handleCopyInResponse: (wire: Wire) => void feed(wire),
      handleError(error: Error) {
        problem ??= error;
        finish();
      },
      handleReadyForQuery: finish,
      handleCommandComplete({ text: tag }: { text: string }) {
        rows = Number(/^COPY (\d+)$/.exec(tag)?.[1] ?? 0);
      },
      handleRowDescription: () => undefined,
      handleDataRow: () => undefined,
      handleEmptyQuery: finish,
    } as unknown as pg.Submittable);
  });
}
