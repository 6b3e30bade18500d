import type { FaultCode, Problem } from '@datacraft/shared';
import { Fault, faultKinds } from '@datacraft/shared';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { Logger } from 'pino';
import type { AppEnv } from '../deps.ts';
import { NotebookInvalid } from './notebook-invalid.ts';

/** What Hono says of a body that cannot be parsed. */
const MALFORMED = 'Malformed JSON in request body';

/** Turns what was thrown into `application/problem+json`. What is not a Fault is ours: logged whole, told in general. */
export function problemOf(error: unknown): Problem {
  if (error instanceof NotebookInvalid)
    return { ...base('notebook-invalid', error.message), diagnostics: [...error.diagnostics] };
  if (error instanceof Fault)
    return { ...base(error.code, error.message), ...(error.said && { said: error.said }), facts: error.facts };
  if (error instanceof HTTPException && error.message === MALFORMED)
    return problemOf(
      new Fault(
        'bad-request',
        'the body is not JSON; NaN and Infinity are not either: send null for what is missing',
        {},
        { cause: error },
      ),
    );
  if (error instanceof HTTPException) return base(codeOf(error.status), error.message || 'the request cannot be read');
  if (isUnstorable(error)) return base('bad-request', 'a text holds a character that cannot be stored, such as NUL');
  if (isDatabaseAway(error)) return base('database-unavailable', 'the database does not answer; try again in a moment');
  return base('internal', 'something went wrong on our side; it was logged with this request id');
}

function base(code: FaultCode, detail: string): Problem {
  return {
    type: `urn:datacraft:problem:${code}`,
    title: code.replaceAll('-', ' '),
    status: faultKinds[code].status,
    code,
    detail,
  };
}

function codeOf(status: number): FaultCode {
  if (status === 413) return 'too-large';
  if (status === 404) return 'not-found';
  return status < 500 ? 'bad-request' : 'internal';
}

const connectionCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  '57P01',
  '57P02',
  '57P03',
  '08006',
  '08001',
  '08003',
  '53300',
]);

/** PostgreSQL's texts hold no NUL and no half of a surrogate pair; JSON and URLs can bring them anywhere. */
function isUnstorable(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === '22021' || error.code === '22P05');
}

function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return (
    connectionCodes.has(code) || /connection terminated|timeout exceeded when trying to connect/i.test(error.message)
  );
}

export function answerProblem(c: Context<AppEnv>, error: unknown, log: Logger): Response {
  const traceId = c.get('trace');
  const problem = problemOf(error);
  if (problem.status >= 500)
    log.error({ err: error, requestId: c.get('requestId'), trace: traceId, path: c.req.path }, 'request failed');
  // Not in the body: answers that must not differ are compared whole.
  const headers: Record<string, string> = { 'content-type': 'application/problem+json', 'x-trace-id': traceId };
  const retryAfter = problem.facts?.['retryAfterSeconds'];
  if (typeof retryAfter === 'number') headers['retry-after'] = String(retryAfter);
  if (problem.status === 401) headers['www-authenticate'] = 'Bearer';
  return new Response(JSON.stringify(problem), { status: problem.status, headers });
}
