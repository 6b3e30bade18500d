import { describe, expect, it } from 'vitest';
import type { Feature } from '../model/feature.ts';
import type { ModelFile } from '../model/model-file.ts';
import { encodeModel } from '../model/model-file.ts';
import { exportOnnx } from './export.ts';
import { missingText } from './inputs.ts';

const feature: Feature = {
  ...{ name: 'crop', kind: 'category', type: 'VARCHAR', nullable: true, levels: ['corn', ''], pooled: false },
  ...{ min: null, max: null, mean: null },
};
const file: ModelFile = {
  ...{ task: 'regression', algorithm: 'linear_regression', target: { name: 'y', type: 'DOUBLE' } },
  ...{ classes: [], features: [feature], keys: [], seed: 1 },
  body: {
    kind: 'linear',
    link: 'identity',
    terms: [
      { kind: 'level', feature: 0, code: 0 },
      { kind: 'missing', feature: 0 },
    ],
    weights: [[2, 3, 1]],
  },
};

describe('a model as an ONNX graph', () => {
  it('the text of a missing category is no level, and the metadata says which it is', () => {
    expect(missingText(feature)).toBe('(missing)');
    expect(missingText({ ...feature, levels: ['corn', '', '(missing)'] })).toBe('(missing)_');
    const text = Buffer.from(exportOnnx(encodeModel(file), 'yield')).toString('latin1');
    expect(text).toContain('{"crop":"(missing)"}');
    expect(text).toContain('LabelEncoder');
  });

  it('the same model is the same bytes', () => {
    const [one, two] = [exportOnnx(encodeModel(file), 'yield'), exportOnnx(encodeModel(file), 'yield')];
    expect(Buffer.from(one).equals(Buffer.from(two))).toBe(true);
  });

  it('a forecast has none, and that is said', () => {
    const series = { kind: 'series', level: 0.9, time: 'month', isCalendar: true, steps: [] } as const;
    const ahead = encodeModel({ ...file, task: 'forecast', algorithm: 'seasonal', features: [], body: series });
    expect(() => exportOnnx(ahead, 'ahead')).toThrow('ahead is a forecast');
  });
});
