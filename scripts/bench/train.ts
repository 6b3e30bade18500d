import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Candidate } from '../oracle/learner.ts';
import { answersFrom, fit, foldOf, FOLDS, trainTable } from '../oracle/learner.ts';
import type { OpenPeers, Peer } from '../oracle/peers.ts';
import { openPeers } from '../oracle/peers.ts';
import type { OracleTable } from '../oracle/tables.ts';
import { wideTable } from '../oracle/tables.ts';
import { classMetrics } from '../../engine/src/model/class-metrics.ts';
import { codesOf } from '../../engine/src/model/feature.ts';
import type { TrainTable } from '../../engine/src/model/table.ts';
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
    const read = trainTable(table);
    const peers = await openPeers(bin, dir, table);
    try {
      const comparisons = [];
      for (const { ours, peer, auc } of racesOf(size)) {
        const own = { name: `our ${ours.algorithm}`, run: () => ownRound(table, read, { ours, auc, say }) };
        const other = { name: peer, run: () => peerRound(table, peers, { peer, auc, say }) };
        comparisons.push(await comparePairs(`${ours.algorithm}, ${TREES} trees`, own, other, pairs));
        say(`measured ${ours.algorithm}`);
      }
      return { facts: { rows: size.learned, columns: Object.keys(table.columns).length, threads: 1 }, comparisons };
    } finally {
      peers.close();
      await rm(dir, { recursive: true, force: true });
    }
  },
};

interface OwnRound {
  readonly ours: Candidate;
  readonly auc: number;
  readonly say: (text: string) => void;
}

async function ownRound(table: OracleTable, read: TrainTable, { ours, auc, say }: OwnRound): Promise<Timed> {
  const all = Int32Array.from({ length: read.count }, (_, row) => row);
  const learned = all.filter((row) => foldOf(row) !== 0);
  const { ms, value } = await timed(async () => fit(read, ours, learned));
  say(`our ${ours.algorithm}: ${(ms / 1000).toFixed(1)} s`);
  const tested = all.filter((row) => foldOf(row) === 0);
  return { ms, result: verdict(table, answersFrom(value, read, tested), auc) };
}

interface PeerRound {
  readonly peer: Peer;
  readonly auc: number;
  readonly say: (text: string) => void;
}

/** Its time is that of its `fit` alone. */
async function peerRound(table: OracleTable, peers: OpenPeers, { peer, auc, say }: PeerRound): Promise<Timed> {
  const { answers, seconds } = await peers.ask({ trees: TREES, peers: [peer], folds: [0] });
  const spent = seconds[peer] ?? NaN;
  say(`${peer}: ${spent.toFixed(1)} s`);
  const own = (answers[peer] ?? []).map((values) => values.filter((_, row) => foldOf(row) === 0));
  return { ms: spent * 1000, result: verdict(table, own, auc) };
}

function verdict({ target }: OracleTable, answers: readonly Float64Array[], wanted: number): string {
  const labels = target.filter((_, row) => foldOf(row) === 0).map(String);
  const { auc } = classMetrics(Int32Array.from(codesOf(labels, ['no', 'yes'], false)), answers);
  return auc !== null && auc >= wanted ? `AUC of at least ${wanted}` : `AUC of only ${auc}`;
}
