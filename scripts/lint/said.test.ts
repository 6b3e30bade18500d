import { portuguese, reason } from '@datacraft/shared/portuguese';
import { describe, expect, it } from 'vitest';
import { faultTexts, literalsIn, proseIn, sourceFiles, type SpokenText, undecodableTexts } from './said.ts';

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
/** What imports and exports leave out. */
const notes = [
  ...['export/left-out', 'import/model-cell', 'import/names', 'import/project', 'import/source-cell'],
  ...['jinja/expression', 'jinja/operate', 'jinja/problem', 'jinja/template', 'jinja/token', 'jinja/value'],
].map((name) => `engine/src/dbt/${name}.ts`);
/** What is noted in the reports of models. */
const models = ['leak', 'learn-series', 'role', 'train'].map((name) => `engine/src/model/${name}.ts`);
/** What a look at a file makes us doubt. */
const looks = ['column-type', 'conventions', 'header', 'layout'].map((name) => `engine/src/source/csv/${name}.ts`);
const others = [
  'engine/src/interchange/ipynb.ts',
  'shared/src/document/check-notebook.ts',
  'shared/src/chart/chart-diagnostics.ts',
];

/** What is said at a terminal: by the command line, and before the server listens. */
const terminal = [
  ...['cli', 'database', 'trace'].map((room) => `server/src/${room}/`),
  ...['config', 'data-dir-lock', 'main'].map((name) => `server/src/${name}.ts`),
];
/** Rooms that are not said yet. */
const unsaid = ['server/src/interchange/', 'engine/src/interchange/', 'engine/src/dbt/'];

const known = new Set(Object.keys(portuguese));
const untranslated = (texts: readonly SpokenText[]) =>
  texts
    .filter(({ text }) => text === null || !known.has(text))
    .map(({ place, text }) => `${place}: ${text ?? 'put together: use say()'}`);

describe('what the server says, in every language', () => {
  it.each([...findings, ...keys, ...text, ...notes, ...models, ...looks, ...others])(
    'every finding of %s is in the catalogue',
    (file) => {
      expect(untranslated(proseIn(file))).toEqual([]);
    },
  );

  it('knows every fault that people meet in the interface', () => {
    const files = ['shared/src', 'engine/src', 'server/src'].flatMap(sourceFiles);
    const spoken = files.filter((file) => ![...terminal, ...unsaid].some((place) => file.startsWith(place)));
    expect(untranslated(spoken.flatMap(faultTexts))).toEqual([]);
  });

  it('knows why a message cannot be read, and finds each reason again in its text', () => {
    const found = sourceFiles('engine/src/source').flatMap(undecodableTexts);
    expect(found.length).toBeGreaterThan(15);
    const kept = new Set(Object.keys(reason));
    expect(found.filter(({ text }) => text === null || !kept.has(text))).toEqual([]);
  });

  it('keeps no sentence that nobody says any more', () => {
    const files = ['shared/src', 'engine/src', 'server/src', 'web/src/lib/preview'].flatMap(sourceFiles);
    const said = new Set(files.filter((file) => !file.includes('/said/portuguese/')).flatMap(literalsIn));
    expect([...known].filter((text) => !said.has(text))).toEqual([]);
  });
});
