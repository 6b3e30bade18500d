import type { Column } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import type { DuckSession } from '../duckdb/session.ts';
import { scanWritten } from '../iceberg/scan.ts';
import type { StagedTable } from '../iceberg/table.ts';
import type { FeatureFacts } from '../materialize/feature-table.ts';
import { ambiguousSql, entityOf, latestSql } from '../materialize/feature-table.ts';
import type { OnlineDraft } from '../store/online-features.ts';

/** Entities of one table that are kept online. */
const MOST = 1_000_000;

/** The latest features of the rows that were staged, for the publish to put online. */
export async function onlineDraft(
  session: DuckSession,
  staged: StagedTable,
  facts: FeatureFacts,
): Promise<OnlineDraft> {
  refuseMissing(facts, staged.columns);
  const rows = `(${scanWritten(staged)})`;
  const [twice] = (await session.rows(ambiguousSql(rows, facts))).rows;
  if (twice !== undefined) {
    const message = say(
      'the entity {twice} has two rows: a feature table has one row for each entity and time; aggregate, or deduplicate',
      { twice: String(twice[0]) },
    );
    throw new Fault('query-failed', message);
  }
  const page = await session.rows(latestSql(rows, facts, staged.columns), { limit: MOST + 1 });
  if (page.rows.length > MOST) {
    const message = say('a feature table keeps at most {MOST} entities online: leave out those that nobody asks for', {
      MOST,
    });
    throw new Fault('too-large', message);
  }
  return {
    rows: page.rows.map(([entity, at, features]) => ({
      entity: String(entity),
      at: String(at),
      features: String(features),
    })),
    whole: staged.mode === 'overwrite',
  };
}

function refuseMissing(facts: FeatureFacts, columns: readonly Column[]): void {
  const names = columns.map(({ name }) => name);
  const missing = [...entityOf(facts), facts.timestamp].find((name) => !names.includes(name));
  if (missing === undefined) return;
  throw new Fault(
    'query-failed',
    say('feature_table names {missing}, which is no column; its columns are {names}', {
      missing,
      names: names.join(', '),
    }),
  );
}
