/** Everything a scrape answers. It answers without the database too, and says that it did. */
import type { Queryable } from '@datacraft/engine';
import type { Logger } from 'pino';
import type { Family } from './exposition.ts';
import { family } from './exposition.ts';
import { FinishedRuns } from './finished-runs.ts';
import { presentFamilies } from './present.ts';
import type { Metrics } from './registry.ts';

export interface Collector {
  /** `named`: with series that name tables. */
  collect(named: boolean): Promise<Family[]>;
}

export function createCollector(db: Queryable, metrics: Metrics, log: Logger, began: Date): Collector {
  const finished = new FinishedRuns(db, metrics, began);
  let counting: Promise<void> | null = null;
  const countOnce = () => (counting ??= finished.count().finally(() => (counting = null)));
  return {
    async collect(named) {
      try {
        await countOnce();
        const present = await presentFamilies(db, named);
        return [...metrics.families(), ...present, up(1)];
      } catch (error) {
        log.warn({ err: error }, 'metrics are answered without the database; it did not answer');
        return [...metrics.families(), up(0)];
      }
    },
  };
}

function up(value: number): Family {
  return family('datacraft_database_up', 'gauge', 'Whether the database answered this scrape', [[{}, value]]);
}
