import { pythonTool } from './python.ts';

/** Forests, boosted trees and forecasts, and the ONNX that others can run. */
export const sklearn = pythonTool('sklearn', '1.9.1', [
  'scikit-learn==1.9.1',
  'lightgbm==4.7.0',
  'statsmodels==0.15.0',
  'onnx==1.23.2',
  'onnxruntime==1.32.0',
]);

export const pyiceberg = pythonTool('pyiceberg', '0.12.0', ['pyiceberg[sql-postgres,pyarrow]==0.12.0']);
