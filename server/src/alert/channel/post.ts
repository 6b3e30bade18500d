import { guardedRequest, parseHttpUrl } from '@datacraft/engine';
import { Fault, say } from '@datacraft/shared';

const TIMEOUT_MS = 10_000;
const SHOWN_BYTES = 300;

/** Sends JSON to an address that the network rules allow. Throws what the other side said when it did not take it. */
export async function post(
  address: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  allowedHosts: readonly string[],
): Promise<void> {
  const response = await guardedRequest(parseHttpUrl(address), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)), ...headers },
    body,
    allowedHosts,
    timeoutMs: TIMEOUT_MS,
    signal: AbortSignal.timeout(2 * TIMEOUT_MS),
  });
  let said = '';
  for await (const chunk of response) {
    said += String(chunk);
    if (said.length > SHOWN_BYTES) break;
  }
  response.destroy();
  const status = response.statusCode ?? 0;
  if (status < 200 || status > 299)
    throw new Fault(
      'source-unreadable',
      say('the other side answered {status}: {said}', { status, said: said.slice(0, SHOWN_BYTES) }),
      { status },
    );
}
