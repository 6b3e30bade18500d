import { type Table, tableFromIPC } from 'apache-arrow';

import { columnsOf } from './arrow.ts';
import type { ServerResult } from './door.ts';
import { MAX_ROWS } from './growing-rows.ts';
import type { Holdable } from './held-results.ts';
import type { PreviewResult, ResultRelation } from './result.ts';
import type { Workbench } from './workbench.ts';

/** Results that people can ask about: what the browser computed, and what the server answered. */
export class Answers {
  readonly #bench: Workbench;
  readonly #now: () => number;
  #adopted = 0;

  constructor(bench: Workbench, now: () => number) {
    this.#bench = bench;
    this.#now = now;
  }

  /** Of the browser's own rows, as they stand when somebody asks. */
  over(result: () => Holdable): ResultRelation {
    return {
      ask: (make, { signal = new AbortController().signal, limit = MAX_ROWS } = {}) =>
        this.#bench.askAbout(result(), make, limit, signal),
    };
  }

  ofServer(answer: ServerResult): Omit<PreviewResult, 'truncatedAt'> & { readonly table: Table } {
    const table = tableFromIPC(answer.bytes);
    return {
      table,
      columns: columnsOf(table.schema),
      rowCount: table.numRows,
      complete: true,
      extent: answer.extent,
      durationMs: answer.durationMs,
      engine: 'server',
      at: this.#now(),
      relation: this.#adopting(answer.bytes),
    };
  }

  /** Rows of the server go into the engine only when somebody asks about them. */
  #adopting(bytes: Uint8Array): ResultRelation {
    this.#adopted += 1;
    const name = `answer ${this.#adopted}`;
    let adopted: Promise<void> | null = null;
    return {
      ask: async (make, { signal = new AbortController().signal, limit = MAX_ROWS } = {}) => {
        adopted ??= this.#bench.adopt(name, bytes);
        await adopted;
        return this.#bench.turns.spare((turn) => this.#bench.ask('ask', make(`main."${name}"`), limit, turn), signal);
      },
    };
  }
}
