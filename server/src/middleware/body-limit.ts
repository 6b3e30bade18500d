import { Fault, say } from '@datacraft/shared';
import type { MiddlewareHandler } from 'hono';
import { isScoring } from '../auth/remembered-access.ts';
import type { AppEnv } from '../deps.ts';

/** Refuses bodies past `maxBytes`, whether their length is announced or only found out. */
export function limitBody(maxBytes: number, streamsItsBody: RegExp): MiddlewareHandler<AppEnv> {
  const limit = `${Math.round(maxBytes / 2 ** 20)} MB`;
  return async (c, next) => {
    const tooLarge = () =>
      new Fault(
        'too-large',
        isScoring(c.req.method, c.req.path)
          ? say('this request is larger than {limit}: send fewer rows at a time, or score them in a notebook', {
              limit,
            })
          : say('this request is larger than {limit}; send files to /api/v1/files', { limit }),
      );
    if (streamsItsBody.test(c.req.path)) return next();
    const announced = c.req.header('content-length');
    if (announced !== undefined && Number(announced) > maxBytes) {
      await drain(c.req.raw.body);
      throw tooLarge();
    }
    const isUnannounced =
      announced === undefined && (c.env.inProcess || c.req.header('transfer-encoding') !== undefined);
    if (isUnannounced && c.req.raw.body) {
      const { url, method, headers } = c.req.raw;
      const body = await gather(c.req.raw.body, maxBytes, tooLarge);
      c.req.raw = new Request(url, { method, headers, body: method === 'GET' || method === 'HEAD' ? null : body });
    }
    await next();
  };
}

const MAX_DRAINED_BYTES = 256 * 1024 * 1024;

/**
 * Reads on without keeping anything, within a bound: a client that is still sending when the connection closes sees
 * a broken line instead of the answer that says why.
 */
export async function drain(source: AsyncIterable<Uint8Array> | null, already = 0): Promise<void> {
  let length = already;
  for await (const chunk of source ?? []) if ((length += chunk.length) > MAX_DRAINED_BYTES) return;
}

async function gather(
  source: ReadableStream<Uint8Array>,
  maxBytes: number,
  tooLarge: () => Fault,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of source.values({ preventCancel: true })) {
    length += chunk.length;
    if (length <= maxBytes) chunks.push(chunk);
    else break;
  }
  if (length > maxBytes) {
    await drain(source, length);
    throw tooLarge();
  }
  return Uint8Array.from(Buffer.concat(chunks));
}
