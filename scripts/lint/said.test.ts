import { portuguese } from '@datacraft/shared/portuguese';
import { describe, expect, it } from 'vitest';
import { faultTexts, literalsIn, proseIn, sourceFiles, type SpokenText } from './said.ts';

/** Rooms all of whose findings are in the catalogue: what people meet while they write. */
const findings = [
  ...['allowed-function', 'cycle', 'definition', 'layer-policy', 'model-diagnostics', 'names', 'parameter'],
  ...['reads-of-cell', 'report', 'schedule-diagnostics', 'select', 'transform-reads', 'unsupported'],
].map((name) => `engine/src/compile/${name}.ts`);
const keys = [
  ...['database-rules', 'issue', 'model-rules', 'rule', 's3-schema'],
  ...['chart-schema', 'database-schema', 'http-schema', 'input-schema', 'meta', 'schema-parts', 'source-schema'],
  ...['sql-schema', 'step-schema'],
].map((name) => `shared/src/document/spec/${name}.ts`);
const text = ['front-matter', 'parse-notebook', 'yaml-read'].map((name) => `shared/src/document/format/${name}.ts`);
const others = ['shared/src/document/check-notebook.ts', 'shared/src/chart/chart-diagnostics.ts'];

/** Rooms all of whose faults are in the catalogue. */
const faultRooms = [
  ...['compile', 'schedule', 'plan', 'read', 'registry', 'run/streaming', 'stream'].map((room) => `engine/src/${room}`),
  ...['csv', 'file', 'json', 'parquet', 'avro', 'database', 'excel', 'kafka', 'kinesis', 'simulator'].map(
    (room) => `engine/src/source/${room}`,
  ),
  ...['shared/src/chart', 'server/src/auth', 'server/src/secret', 'server/src/mail'],
  ...['branch', 'comment', 'dashboard', 'history', 'model', 'room', 'stream'].map((room) => `server/src/${room}`),
];

/** Files of rooms that are not said whole yet. */
const faultFiles = [
  ...['dashboards', 'notebooks', 'pins', 'sharing'].map((name) => `server/src/store/${name}.ts`),
  ...['auth', 'branches', 'branch-charts', 'branch-updates', 'comments', 'dashboard-layout', 'dashboards'].map(
    (name) => `server/src/route/${name}.ts`,
  ),
  ...[
    'model-files',
    'model-predictions',
    'models',
    'notebooks',
    'people',
    'pins',
    'registry',
    'runs',
    'sharing',
    'streams',
    'versions',
  ].map((name) => `server/src/route/${name}.ts`),
  ...['batch-scorer', 'explain', 'learn-series', 'model-file', 'train', 'trainer'].map(
    (name) => `engine/src/model/${name}.ts`,
  ),
];

const known = new Set(Object.keys(portuguese));
const untranslated = (texts: readonly SpokenText[]) =>
  texts
    .filter(({ text }) => text === null || !known.has(text))
    .map(({ place, text }) => `${place}: ${text ?? 'put together: use say()'}`);

describe('what the server says, in every language', () => {
  it.each([...findings, ...keys, ...text, ...others])('every finding of %s is in the catalogue', (file) => {
    expect(untranslated(proseIn(file))).toEqual([]);
  });

  it.each(faultRooms)('every fault of %s is in the catalogue', (room) => {
    expect(untranslated(sourceFiles(room).flatMap(faultTexts))).toEqual([]);
  });

  it.each(faultFiles)('every fault of %s is in the catalogue', (file) => {
    expect(untranslated(faultTexts(file))).toEqual([]);
  });

  it('keeps no sentence that nobody says any more', () => {
    const files = ['shared/src', 'engine/src', 'server/src'].flatMap(sourceFiles);
    const said = new Set(files.filter((file) => !file.includes('/said/portuguese/')).flatMap(literalsIn));
    expect([...known].filter((text) => !said.has(text))).toEqual([]);
  });
});
