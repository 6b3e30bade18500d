import { Fault } from '@datacraft/shared';
import { describe, expect, it } from 'vitest';
import { answeredSpan, requestSpan } from './request-span.ts';

const answered = { method: 'GET', route: '/api/v1/runs/:id', requestId: 'r', startMs: 1, endMs: 3 };

describe('the span of a request', () => {
  it('is the first of a trace of its own, or within the trace that the caller names rightly', () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const given = (text: string) => requestSpan(text).parentId;
    expect(requestSpan(`00-${traceId}-b7ad6b7169203331-00`)).toMatchObject({ traceId, parentId: 'b7ad6b7169203331' });
    for (const odd of ['', 'x', `ff-${traceId}-b7ad6b7169203331-00`, `00-${'0'.repeat(32)}-b7ad6b7169203331-00`])
      expect(given(odd), odd).toBeNull();
    expect([given(`00-${traceId}-${'0'.repeat(16)}-01`), given(`00-${traceId}x-b7ad6b7169203331-01`)]).toEqual([
      null,
      null,
    ]);
    expect(requestSpan(undefined).traceId).not.toBe(requestSpan(undefined).traceId);
  });

  it('failed when it was ours to answer, with the code, and not when the asker was wrong', () => {
    const open = requestSpan(undefined);
    const errorOf = (status: number, error: unknown) => answeredSpan(open, { ...answered, status, error }).error;
    expect(errorOf(200, undefined)).toBeNull();
    expect(errorOf(404, new Fault('not-found', 'nothing'))).toBeNull();
    expect(errorOf(503, new Fault('database-unavailable', 'away'))).toBe('database-unavailable');
    expect(errorOf(500, new Error('oops'))).toBe('internal');
  });
});
