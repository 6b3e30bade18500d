import { loadModelVersions } from '@datacraft/engine';
import type { AlertRuleWords } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import type pg from 'pg';
import { within } from '../auth/permission.ts';
import type { Principal } from '../auth/principal.ts';
import { demandRole } from '../auth/principal.ts';
import type { ServerEngine } from '../engine.ts';

/** A look counts thousands of predictions: no more than one a minute. */
const SLOWEST_SECONDS = 60;

/** A rule about a model belongs to the notebook that trains it, so that it is shown to whom that is; others stay as they are. */
export async function ofItsModel(
  words: AlertRuleWords,
  by: Principal,
  { run: { db } }: ServerEngine,
  pool: pg.Pool,
): Promise<AlertRuleWords> {
  const { model } = words.config;
  if ((words.kind !== 'drift' && words.kind !== 'deviation') || model === undefined) return words;
  const [newest] = await loadModelVersions(db, model);
  const unknown = new Fault(
    'not-found',
    say('there is no model {name}: run the notebook that trains it', { name: model }),
    { model },
  );
  if (newest === undefined) throw unknown;
  const { notebookId, task } = newest;
  if (notebookId !== null) {
    const own = await within(pool, by, notebookId).catch(() => {
      throw unknown;
    });
    demandRole(own, 'editor');
  }
  if (words.kind === 'deviation' && task !== 'forecast')
    throw new Fault(
      'bad-request',
      say('{name} is no forecast: choose a model cell whose task is forecast', { name: model }),
      { field: 'model' },
    );
  const { notebook: _, ...config } = words.config;
  const everySeconds = Math.max(words.kind === 'drift' ? SLOWEST_SECONDS : 0, words.everySeconds);
  return { ...words, everySeconds, config: { ...config, ...(notebookId === null ? {} : { notebook: notebookId }) } };
}
