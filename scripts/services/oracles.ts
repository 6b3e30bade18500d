import { pythonTool } from './python.ts';

/** Forests, boosted trees and forecasts, and the ONNX that others can run. */
export const sklearn = pythonTool('sklearn', '1.9.1', [
  'scikit-learn==1.9.1',
  'lightgbm==4.7.0',
  'statsmodels==0.15.0',
  'onnx==1.23.2',
  'onnxruntime==1.32.0',
]);

/** Newer releases of dbt-core fetch a part from outside the registry. */
export const dbt = pythonTool('dbt', '1.10.23', ['dbt-core==1.10.23', 'dbt-duckdb==1.10.1', 'dbt-postgres==1.10.2']);

export const pyiceberg = pythonTool('pyiceberg', '0.12.0', ['pyiceberg[sql-postgres,pyarrow]==0.12.0']);

export const sqlglot = pythonTool('sqlglot', '30.30.0', ['sqlglot==30.30.0']);

export const networkx = pythonTool('networkx', '3.6.1', ['networkx==3.6.1']);
