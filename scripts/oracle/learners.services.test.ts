import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useServices } from '../services/for-tests.ts';
import { bundledTables } from './bundled.ts';
import { givenTables } from './given.ts';
import type { Candidate } from './learner.ts';
import { crossAnswers } from './learner.ts';
import type { Peer, PeerAnswers } from './peers.ts';
import { peerAnswers, peers } from './peers.ts';
import { qualityOf } from './quality.ts';
import type { OracleTable } from './tables.ts';
import { generatedTables } from './tables.ts';

const env = useServices('sklearn');
const ROWS = 4000;
const TREES = 100;
/** How much worse counts as no worse: AUC, F1, and RMSE as a share of the target's spread. */
const WITHIN = 0.005;
/** F1 hangs on a handful of rows in a table that is smaller. */
const ENOUGH_FOR_F1 = 1000;
let dir = '';
let bundled: OracleTable[] = [];
/** Real ones, where `ORACLE_TABLES` names them. */
const given = await givenTables();
const asked = new Map<string, PeerAnswers>();

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'datacraft-learners-'));
  bundled = await bundledTables(env['SKLEARN_BIN'] ?? '');
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const ours: Readonly<Record<Peer, (table: OracleTable) => Candidate>> = {
  sklearn_forest: () => ({ algorithm: 'random_forest', params: { trees: TREES } }),
  lightgbm: () => ({ algorithm: 'gradient_boosting', params: { trees: TREES, early_stopping: 0 } }),
  lightgbm_stopped: () => ({ algorithm: 'gradient_boosting', params: {} }),
  sklearn_linear: ({ task }) => ({
    algorithm: task === 'classification' ? 'logistic_regression' : 'linear_regression',
    params: {},
  }),
};

function tableNamed(name: string): OracleTable {
  const found = [...generatedTables(ROWS), ...bundled, ...given].find((table) => table.name === name);
  if (found === undefined) throw new Error(`no table is called ${name}`);
  return found;
}

async function answersOf(table: OracleTable): Promise<PeerAnswers> {
  const known = asked.get(table.name);
  if (known !== undefined) return known;
  const found = await peerAnswers(env['SKLEARN_BIN'] ?? '', dir, table, { trees: TREES, peers });
  asked.set(table.name, found);
  return found;
}

const names = [
  'credit',
  'segments',
  'friedman',
  'rents',
  'tumours',
  'wine',
  'diabetes',
  ...given.map(({ name }) => name),
];

describe.each(names)('on %s', (name) => {
  it.each(peers)('we are no worse than %s on rows held out five times', async (peer) => {
    const table = tableNamed(name);
    const theirs = qualityOf(table, (await answersOf(table)).answers[peer] ?? []);
    const own = qualityOf(table, crossAnswers(table, ours[peer](table)));
    for (const [measure, value] of Object.entries(theirs)) {
      if (measure === 'f1' && table.target.length < ENOUGH_FOR_F1) continue;
      expect(own[measure], `${measure}: ${own[measure]} of ours, ${value} of theirs`).toBeGreaterThanOrEqual(
        value - WITHIN,
      );
    }
  });
});
