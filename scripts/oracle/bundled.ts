import { join } from 'node:path';
import { command } from '../services/cache.ts';
import type { OracleTable } from './tables.ts';

const PROGRAM = `
import json, numpy as np
from sklearn import datasets
order = np.random.RandomState(7)
def table(name, task, load):
    told = load(as_frame=True)
    at = order.permutation(len(told.target))
    target = told.target.iloc[at]
    return dict(name=name, task=task, columns={c: told.data[c].iloc[at].tolist() for c in told.data},
                target=[f'c{v}' for v in target] if task == 'classification' else target.tolist())
print(json.dumps([table('tumours', 'classification', datasets.load_breast_cancer),
                  table('wine', 'classification', datasets.load_wine), table('diabetes', 'regression', datasets.load_diabetes)]))`;

/** Real tables that come with scikit-learn, shuffled. */
export async function bundledTables(bin: string): Promise<OracleTable[]> {
  return JSON.parse(await command(join(bin, 'python'), ['-c', PROGRAM])) as OracleTable[];
}
