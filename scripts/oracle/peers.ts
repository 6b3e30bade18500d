import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Answers } from './learner.ts';
import { foldOf, FOLDS } from './learner.ts';
import type { OracleTable } from './tables.ts';

/** Learners of scikit-learn and LightGBM, with the same parameters as ours, one thread. */
export const peers = ['sklearn_forest', 'lightgbm', 'lightgbm_stopped', 'sklearn_linear'] as const;
export type Peer = (typeof peers)[number];

const PROGRAM = `
import json, sys, time, warnings
import numpy as np, pandas as pd, lightgbm as lgb
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.preprocessing import StandardScaler
warnings.filterwarnings('ignore')
told = json.load(open(sys.argv[1]))
isclass = told['task'] == 'classification'
x = pd.DataFrame({name: pd.Series(values, dtype='object') for name, values in told['columns'].items()})
words = [name for name, values in told['columns'].items() if any(isinstance(v, str) for v in values)]
for name in x.columns:
    x[name] = x[name].astype('category') if name in words else x[name].astype('float64')
y = np.array(told['target'])
fold = np.array(told['fold'])
hot = pd.get_dummies(x, columns=words, dtype='float64')
filled = hot.copy()
for name in hot.columns:
    if hot[name].isna().any():
        filled[name + '_missing'] = hot[name].isna().astype('float64')
        filled[name] = hot[name].fillna(hot[name].mean())

def forest():
    shape = dict(n_estimators=told['trees'], max_depth=16, min_samples_leaf=3, random_state=1, n_jobs=1)
    return RandomForestClassifier(max_features='sqrt', **shape) if isclass else RandomForestRegressor(max_features=1/3, **shape)

def boosted(**more):
    kind = lgb.LGBMClassifier if isclass else lgb.LGBMRegressor
    return kind(**{**dict(n_estimators=told['trees'], learning_rate=0.1, max_depth=6, num_leaves=63, min_child_samples=20,
                reg_lambda=1.0, max_bin=255, n_jobs=1, random_state=1, verbose=-1), **more})

def fit(name, train):
    if name == 'sklearn_forest': return forest().fit(hot[train], y[train]), hot
    if name == 'lightgbm': return boosted().fit(x[train], y[train]), x
    if name == 'lightgbm_stopped':
        rows = np.flatnonzero(train); held = np.random.RandomState(1).permutation(rows)[: len(rows) // 10]
        rest = np.setdiff1d(rows, held)
        model = boosted(n_estimators=200)
        return model.fit(x.iloc[rest], y[rest], eval_set=[(x.iloc[held], y[held])], callbacks=[lgb.early_stopping(20, verbose=False)]), x
    numbers = [name for name in x.columns if name not in words]
    scaled = filled.copy()
    scaled[numbers] = StandardScaler().fit(filled.loc[train, numbers]).transform(filled[numbers])
    return (LogisticRegression(C=1.0, max_iter=500) if isclass else Ridge(1.0)).fit(scaled[train], y[train]), scaled

for line in sys.stdin:
  asked = json.loads(line)
  told['trees'] = asked['trees']
  answers, seconds = {}, {}
  for name in asked['peers']:
    out = np.zeros((len(y), len(set(y)) if isclass else 1)); spent = 0
    for k in asked['folds']:
        train, test = fold != k, fold == k
        begun = time.perf_counter()
        model, seen = fit(name, train)
        spent += time.perf_counter() - begun
        out[test] = model.predict_proba(seen[test]) if isclass else model.predict(seen[test]).reshape(-1, 1)
    answers[name] = out.T.tolist(); seconds[name] = spent
  print(json.dumps(dict(answers=answers, seconds=seconds)), flush=True)
`;

export interface PeerAnswers {
  readonly answers: Readonly<Record<string, Answers>>;
  /** Of training, without reading and answering. */
  readonly seconds: Readonly<Record<string, number>>;
}

interface Asked {
  readonly trees: number;
  readonly peers: readonly Peer[];
  /** Only these are answered for; default all. */
  readonly folds?: readonly number[];
}

/** A Python that has read a table, and learns from it as often as it is asked. */
export interface OpenPeers {
  ask(asked: Asked): Promise<PeerAnswers>;
  close(): void;
}

/** The same folds as ours. Rows come back in their order, classes in that of their names. */
export async function openPeers(bin: string, dir: string, table: OracleTable): Promise<OpenPeers> {
  const { name, task, columns, target } = table;
  const file = join(dir, `${name}.json`);
  const fold = target.map((_, row) => foldOf(row));
  await writeFile(file, JSON.stringify({ task, columns, target, fold }));
  const python = spawn(join(bin, 'python'), ['-c', PROGRAM, file], { cwd: dir, stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
  return {
    async ask({ trees, peers: wanted, folds = Array.from({ length: FOLDS }, (_, at) => at) }) {
      python.stdin.write(`${JSON.stringify({ trees, peers: wanted, folds })}\n`);
      const printed = await lines.next();
      if (printed.done === true) throw new Error('the Python of the peers ended; its last words stand above');
      const { answers, seconds } = JSON.parse(printed.value) as { answers: Record<string, number[][]> } & PeerAnswers;
      const typed = Object.entries(answers).map(([peer, all]) => [peer, all.map((each) => Float64Array.from(each))]);
      return { answers: Object.fromEntries(typed) as Record<string, Answers>, seconds };
    },
    close: () => void python.stdin.end(),
  };
}

/** Asked once. */
export async function peerAnswers(bin: string, dir: string, table: OracleTable, asked: Asked): Promise<PeerAnswers> {
  const opened = await openPeers(bin, dir, table);
  try {
    return await opened.ask(asked);
  } finally {
    opened.close();
  }
}
