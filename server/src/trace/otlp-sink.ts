/**
 * Sends spans by OTLP over HTTP, as JSON.
 *
 * O1  A span that cannot be delivered is given up after some tries and said once: nothing waits for it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Span, SpanSink } from '@datacraft/engine';
import type { TraceTarget } from './target.ts';

const TRIES = 3;
const TIMEOUT_MS = 5_000;
const BATCH = 500;
const MOST_WAITING = 20_000;
/** OTLP's numbers. */
const KIND = { internal: 1, server: 2 };
const STATUS = { ok: 1, error: 2 };

export interface OtlpDeps {
  onLost(reason: string): void;
  readonly waitMs?: number;
}

export function createOtlpSink(target: TraceTarget, { onLost, waitMs = 1_000 }: OtlpDeps): SpanSink {
  let waiting: Span[] = [];
  let queue: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | null = null;
  const deliver = async (spans: readonly Span[]) => {
    const body = JSON.stringify(requestOf(spans, target.service));
    for (let tried = 1; ; tried += 1) {
      try {
        return await post(target, body);
      } catch (error) {
        if (tried >= TRIES) return onLost(error instanceof Error ? error.message : String(error));
        await sleep(waitMs * tried);
      }
    }
  };
  const send = () => {
    timer = null;
    const spans = waiting;
    waiting = [];
    for (let at = 0; at < spans.length; at += BATCH) queue = queue.then(() => deliver(spans.slice(at, at + BATCH)));
    return queue;
  };
  return {
    send: (span) => {
      if (waiting.length >= MOST_WAITING) return onLost(`${waiting.length} spans wait already`);
      waiting.push(span);
      timer ??= setTimeout(() => void send(), waitMs).unref();
    },
    flush: () => {
      if (timer !== null) clearTimeout(timer);
      return send();
    },
  };
}

async function post({ url, headers }: TraceTarget, body: string): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`the receiver answered ${response.status}`);
}

/** An ExportTraceServiceRequest. */
function requestOf(spans: readonly Span[], service: string): object {
  const resource = { attributes: attributesOf({ 'service.name': service }) };
  return { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'datacraft' }, spans: spans.map(spanOf) }] }] };
}

function spanOf({ traceId, spanId, parentId, name, kind, startMs, endMs, error, attributes }: Span): object {
  return {
    traceId,
    spanId,
    ...(parentId === null ? {} : { parentSpanId: parentId }),
    name,
    kind: KIND[kind ?? 'internal'],
    startTimeUnixNano: `${startMs}000000`,
    endTimeUnixNano: `${endMs}000000`,
    attributes: attributesOf(attributes),
    status: error === null ? { code: STATUS.ok } : { code: STATUS.error, message: error },
  };
}

function attributesOf(attributes: Span['attributes']): object[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: valueOf(value) }));
}

function valueOf(value: string | number | boolean): object {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}
