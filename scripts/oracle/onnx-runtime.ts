import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { command } from '../services/cache.ts';

const PROGRAM = `
import json, sys
import numpy as np, onnx, onnxruntime as ort
onnx.checker.check_model(sys.argv[1], full_check=True)
told = json.load(open(sys.argv[2]))
session = ort.InferenceSession(sys.argv[1], providers=['CPUExecutionProvider'])
fed = {}
for given in session.get_inputs():
    kind = object if given.type == 'tensor(string)' else np.float64
    fed[given.name] = np.array([[np.nan if v is None else v] for v in told[given.name]], dtype=kind)
names = [each.name for each in session.get_outputs()]
answers = {name: values.tolist() for name, values in zip(names, session.run(names, fed))}
facts = dict(session.get_modelmeta().custom_metadata_map)
print(json.dumps(dict(answers=answers, facts=facts)))
`;

export interface OnnxAnswers {
  readonly answers: Readonly<Record<string, readonly (number | string | readonly number[])[]>>;
  /** Metadata of the model. */
  readonly facts: Readonly<Record<string, string>>;
}

/** What onnxruntime says of rows, given by column; null is a missing number. */
export async function askOnnxRuntime(
  bin: string,
  dir: string,
  model: Uint8Array,
  columns: Readonly<Record<string, readonly (number | string | null)[]>>,
): Promise<OnnxAnswers> {
  const [file, rows] = [join(dir, 'model.onnx'), join(dir, 'rows.json')];
  await writeFile(file, model);
  await writeFile(rows, JSON.stringify(columns));
  return JSON.parse(await command(join(bin, 'python'), ['-c', PROGRAM, file, rows], { cwd: dir })) as OnnxAnswers;
}
