import { randomBytes } from 'node:crypto';
import type { OpenSpan, Span } from '@datacraft/engine';
import { isFault } from '@datacraft/shared';

/** The span of a request that begins: within the trace that the caller is in, as W3C's `traceparent` says, or of its own. */
export interface RequestSpan extends OpenSpan {
  readonly parentId: string | null;
}

const TRACEPARENT = /^[0-9a-e][0-9a-f]-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-|$)/;

export function requestSpan(traceparent: string | undefined): RequestSpan {
  const spanId = randomBytes(8).toString('hex');
  const [, traceId, parentId] = TRACEPARENT.exec(traceparent ?? '') ?? [];
  const isValid =
    traceId !== undefined && parentId !== undefined && /[1-9a-f]/.test(traceId) && /[1-9a-f]/.test(parentId);
  return isValid ? { traceId, spanId, parentId } : { traceId: randomBytes(16).toString('hex'), spanId, parentId: null };
}

interface Answered {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly requestId: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly error: unknown;
}

/** The route's template and never the path: that may hold tokens. */
export function answeredSpan(open: RequestSpan, answered: Answered): Span {
  const { method, route, status, requestId, startMs, endMs, error } = answered;
  return {
    ...open,
    name: `${method} ${route}`,
    kind: 'server',
    startMs,
    endMs,
    error: status < 500 ? null : isFault(error) ? error.code : 'internal',
    attributes: {
      'http.request.method': method,
      'http.route': route,
      'http.response.status_code': status,
      'datacraft.request.id': requestId,
    },
  };
}
