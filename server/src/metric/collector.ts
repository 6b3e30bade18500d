/** Everything a scrape answers. It answers without the database too, and says that it did. */
import type { Queryable } from '@datacraft/engine';
import type { Logger } from 'pino';
import type { Family } from './exposition.ts';
import { family } from './exposition.ts';
import { FinishedRuns } from './finished-runs.ts';
import { presentFamilies } from './present.ts';
import type { Metrics } from './registry.ts';
import { naming } from './registry.ts';
import { rolloutFamilies } from './rollouts.ts';
import { within } from './within.ts';

/** Half of what Prometheus gives a scrape. */
export const WAIT_MS = 5_000;

export interface Collector {
  /** `named`: with series that name tables and models. */
  collect(named: boolean): Promise<Family[]>;
}

export function createCollector(
  db: Queryable,
  metrics: Metrics,
  log: Logger,
  began: Date,
  waitMs = WAIT_MS,
): Collector {
  const finished = new FinishedRuns(db, metrics, began);
  let counting: Promise<void> | null = null;
  const countOnce = () => (counting ??= finished.count().finally(() => (counting = null)));
  const own = (named: boolean) => metrics.families().filter(({ name }) => named || !naming.has(name));
  const ofDatabase = async (named: boolean, isHeard: () => boolean): Promise<Family[]> => {
    await countOnce();
    return isHeard() ? [...(await presentFamilies(db, named)), ...(await rolloutFamilies(db, named))] : [];
  };
  return {
    async collect(named) {
      let isHeard = true;
      try {
        const present = await within(
          waitMs,
          ofDatabase(named, () => isHeard),
        );
        return [...own(named), ...present, up(1)];
      } catch (error) {
        log.warn({ err: error }, 'metrics are answered without the database; it did not answer');
        return [...own(named), up(0)];
      } finally {
        isHeard = false;
      }
    },
  };
}

function up(value: number): Family {
  return family('datacraft_database_up', 'gauge', 'Whether the database answered this scrape', [[{}, value]]);
}
