import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Candidate } from '../oracle/learner.ts';
import { answersFrom, fit, foldOf, FOLDS, trainTable } from '../oracle/learner.ts';
import type { Peer } from '../oracle/peers.ts';
import { peerAnswers } from '../oracle/peers.ts';
import type { OracleTable } from '../oracle/tables.ts';
import { wideTable } from '../oracle/tables.ts';
import { classMetrics } from '../../engine/src/model/class-metrics.ts';
import { codesOf } from '../../engine/src/model/feature.ts';
import { sklearn } from '../services/oracles.ts';
import type { Bench } from './bench.ts';
import type { Timed } from './pairs.ts';
import { comparePairs, timed } from './pairs.ts';

/** Rows that are learned from, and what AUC each must reach for a time to count. */
const sizes = {
  full: { learned: 100_000, forest: 0.93, boosted: 0.94 },
  some: { learned: 20_000, forest: 0.91, boosted: 0.92 },
};
const TREES = 100;
const racesOf = ({ forest, boosted }: typeof sizes.full): readonly { ours: Candidate; peer: Peer; auc: number }[] => [
  { ours: { algorithm: 'random_forest', params: { trees: TREES } }, peer: 'sklearn_forest', auc: forest },
  {
    ours: { algorithm: 'gradient_boosting', params: { trees: TREES, early_stopping: 0 } },
    peer: 'lightgbm',
    auc: boosted,
  },
];

/** Learning from 20,000 rows, or with --full from 100,000, of 15 columns in one thread, beside scikit-learn and LightGBM with the same parameters. */
export const train: Bench = {
  goal: 'faster than the forest of scikit-learn, ≤ 3 × LightGBM in one thread, with no worse an AUC',
  async measure({ pairs, full, say }) {
    const size = full ? sizes.full : sizes.some;
    await sklearn.install();
    const bin = sklearn.exports()['SKLEARN_BIN'] ?? '';
    const dir = await mkdtemp(join(tmpdir(), 'datacraft-train-'));
    const table = wideTable((size.learned * FOLDS) / (FOLDS - 1));
    try {
      const comparisons = [];
      for (const { ours, peer, auc } of racesOf(size)) {
        const own = { name: `our ${ours.algorithm}`, run: () => ownRound(table, ours, auc) };
        const other = { name: peer, run: () => peerRound(table, { bin, dir, peer, auc }) };
        comparisons.push(await comparePairs(`${ours.algorithm}, ${TREES} trees`, own, other, pairs));
        say(`measured ${ours.algorithm}`);
      }
      return { facts: { rows: size.learned, columns: Object.keys(table.columns).length, threads: 1 }, comparisons };
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  },
};

async function ownRound(table: OracleTable, candidate: Candidate, auc: number): Promise<Timed> {
  const read = trainTable(table);
  const all = Int32Array.from({ length: read.count }, (_, row) => row);
  const learned = all.filter((row) => foldOf(row) !== 0);
  const { ms, value } = await timed(async () => fit(read, candidate, learned));
  return {
    ms,
    result: verdict(
      table,
      answersFrom(
        value,
        read,
        all.filter((row) => foldOf(row) === 0),
      ),
      auc,
    ),
  };
}

interface PeerRound {
  readonly bin: string;
  readonly dir: string;
  readonly peer: Peer;
  readonly auc: number;
}

/** Its time is that of its `fit` alone. */
async function peerRound(table: OracleTable, { bin, dir, peer, auc }: PeerRound): Promise<Timed> {
  const { answers, seconds } = await peerAnswers(bin, dir, table, { trees: TREES, peers: [peer], folds: [0] });
  const own = (answers[peer] ?? []).map((values) => values.filter((_, row) => foldOf(row) === 0));
  return { ms: (seconds[peer] ?? NaN) * 1000, result: verdict(table, own, auc) };
}

function verdict({ target }: OracleTable, answers: readonly Float64Array[], wanted: number): string {
  const labels = target.filter((_, row) => foldOf(row) === 0).map(String);
  const { auc } = classMetrics(Int32Array.from(codesOf(labels, ['no', 'yes'], false)), answers);
  return auc !== null && auc >= wanted ? `AUC of at least ${wanted}` : `AUC of only ${auc}`;
}
