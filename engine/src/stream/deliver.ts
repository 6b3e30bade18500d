/**
 * Sends on what a stream commits, to the topics that its cells name.
 *
 * D1  A topic gets each commit once, in a transaction of its own (room `source/kafka/sink`), whatever ends a runner. A
 *     sending that is slower than the commits brings what several of them made.
 * D2  What cannot be sent keeps nobody waiting: the stream goes on, the failure is told and tried again.
 */
import type { RelationRef } from '@datacraft/shared';
import { exportTarget, isFault } from '@datacraft/shared';
import { isSelectCell } from '../compile/graph.ts';
import type { KafkaExport } from '../export/to-kafka.ts';
import { openSinkOf, sendThrough } from '../export/to-kafka.ts';
import type { Shipment } from '../export/shipment.ts';
import { withoutSecrets } from '../run/without-secrets.ts';
import type { KafkaSink } from '../source/kafka/sink/sink.ts';
import { recordStreamExport } from '../store/stream-exports.ts';
import type { CommitWork } from './commit.ts';
import { cellsBelow } from './commit.ts';
import { waitMs } from './wait.ts';

export interface Deliveries {
  /** There may be something new to send. */
  committed(): void;
  stop(): Promise<void>;
}

export function createDeliveries(work: CommitWork): Deliveries {
  const stopping = new AbortController();
  const lines = targetsOf(work).map((target) => new Line(target, work, stopping));
  for (const line of lines) line.wake(); // what an earlier runner committed and did not send
  return {
    committed() {
      for (const line of lines) line.wake();
    },
    async stop() {
      stopping.abort();
      await Promise.all(lines.map((line) => line.stop()));
    },
  };
}

interface Target {
  readonly cell: string;
  readonly ref: RelationRef;
  readonly spec: KafkaExport;
  readonly uniqueKey: Shipment['uniqueKey'];
}

function targetsOf({ input, cell }: CommitWork): Target[] {
  const below = new Set(cellsBelow(input, cell));
  const cells = [...input.compiled.graph.cells.values()].filter(isSelectCell).filter(({ name }) => below.has(name));
  return cells.flatMap(({ name, relation: ref, spec: { export: targets = [], unique_key: uniqueKey } }) =>
    ref === null
      ? []
      : targets.flatMap((spec) => (spec.type === 'kafka' ? [{ cell: name, ref, spec, uniqueKey }] : [])),
  );
}

/** One target: one sending at a time, the newest state each time. */
class Line {
  readonly #target: Target;
  readonly #work: CommitWork;
  readonly #stopping: AbortController;
  #isOwed = false;
  #failures = 0;
  #sending: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #sink: KafkaSink | null = null;

  constructor(target: Target, work: CommitWork, stopping: AbortController) {
    this.#target = target;
    this.#work = work;
    this.#stopping = stopping;
  }

  wake(): void {
    this.#isOwed = true;
    if (this.#sending !== null || this.#timer !== null || this.#stopping.signal.aborted) return;
    this.#sending = this.#send().finally(() => {
      this.#sending = null;
      if (this.#failures > 0) this.#later();
      else if (this.#isOwed) this.wake();
    });
  }

  async stop(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    await this.#sending;
    await this.#close();
  }

  #later(): void {
    if (this.#stopping.signal.aborted) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.wake();
    }, waitMs(this.#failures));
  }

  async #send(): Promise<void> {
    const { cell, ref, spec, uniqueKey } = this.#target;
    const { deps, input, lease } = this.#work;
    const { signal } = this.#stopping;
    const place = { cell, ref, target: exportTarget(spec) };
    const shipment = { ref, uniqueKey, before: null, deps: { ...deps, mayRead: input.mayRead }, signal };
    this.#isOwed = false;
    try {
      this.#sink ??= await openSinkOf(spec, shipment);
      const shipped = await sendThrough(this.#sink, spec, shipment);
      await recordStreamExport(deps.db, lease, place, shipped);
      this.#failures = 0;
    } catch (error) {
      await this.#close();
      if (signal.aborted) return;
      // Not published yet: its first commit wakes this again. Not ours any more: the next runner sends.
      if (isFault(error, 'lease-lost') || isFault(error, 'not-found')) return;
      this.#failures += 1;
      const reason = withoutSecrets(error, deps.remote);
      const words = { error: reason instanceof Error ? reason.message : String(reason) };
      await recordStreamExport(deps.db, lease, place, words).catch((lost: unknown) => {
        if (isFault(lost, 'lease-lost')) this.#stopping.abort();
      });
    }
  }

  async #close(): Promise<void> {
    const sink = this.#sink;
    this.#sink = null;
    await sink?.close().catch(() => undefined); // it is gone already
  }
}
