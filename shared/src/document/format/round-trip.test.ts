import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CellId } from '../../id.ts';
import type { Json, JsonObject } from '../../json.ts';
import { type Cell, type CellKind, cellKinds } from '../cell.ts';
import type { Notebook } from '../notebook.ts';
import { formatNotebook } from './format-notebook.ts';
import { parseNotebook } from './parse-notebook.ts';

const nasty = fc.constantFrom(
  ...['', ' ', '  lead', 'trail ', 'a: b', 'a:', ':a', '# no', 'a #b', 'a#b', '---', '...', '```', '````sql x', "it's"],
  ...[
    '"q"',
    '\\',
    '\n',
    'a\nb',
    '\t',
    'yes',
    'no',
    'on',
    '1e3',
    '0x10',
    '0o7',
    'null',
    '~',
    'true',
    'False',
    '.5',
    '1.',
    '-1',
  ],
  ...[
    '.inf',
    '.NaN',
    '12:30',
    '2024-01-01',
    '<<',
    '=',
    '-',
    '- a',
    '-x',
    '?',
    '? a',
    '!',
    '&a',
    '*a',
    '%',
    '@',
    '`',
    '|',
    '>',
  ],
  ...[
    '[a',
    'a]',
    '{a',
    'a}',
    'a, b',
    'f(a, b)',
    'decimal(12,2)',
    'f(a',
    'b)',
    'f((a,b))',
    '(',
    '0 6 * * *',
    '5 4 3 2 1',
  ],
  ...[
    '😀',
    '\u2028',
    '\u0085',
    '\ufeff',
    '\u00a0',
    '\ud800',
    '\u0000',
    '__proto__',
    'constructor',
    '<!-- cell -->',
    '1_000',
  ],
  ...['{text}', '~~~', 'a\r\nb', 'select 1 -- x', '$a', "'x'", 'x"y', 'https://a.b/c?d=e#f', '😀: 😀', ', ', 'a,b'],
);
const text = fc.oneof(
  nasty,
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.array(nasty, { maxLength: 4 }).map((all) => all.join('')),
);
// YAML has one zero.
const number = fc
  .oneof(
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(1e21, 1e-7, 0.1, 2 ** 53, 2 ** 60),
  )
  .map((value) => (value === 0 ? 0 : value));
const leaf: fc.Arbitrary<Json> = fc.oneof(text, number, fc.boolean(), fc.constant(null));
const nested = (inner: fc.Arbitrary<Json>): fc.Arbitrary<Json> =>
  fc.oneof(leaf, fc.array(inner, { maxLength: 3 }), entries(inner));
/** Far quicker to make than `fc.dictionary`. */
const entries = (value: fc.Arbitrary<Json>): fc.Arbitrary<JsonObject> =>
  fc.array(fc.tuple(text, value), { maxLength: 3 }).map((pairs) => Object.fromEntries(pairs));
const config = entries(nested(nested(leaf)));

const proseLine = fc.oneof(
  text,
  fc.constantFrom(
    '# Title',
    '```sql orders',
    '```sql orders {text}',
    '```',
    '````',
    '~~~',
    '~~~chart c',
    '   ```input x',
    '```sqll x',
  ),
  fc.constantFrom(
    '<!-- cell -->',
    '<!-- cell text -->',
    '<!--',
    '-->',
    '<!-- a --> b',
    '---',
    '    indented',
    '- item',
    '  ',
    '> q',
  ),
);
const prose = fc.array(proseLine, { maxLength: 8 }).map((lines) => lines.join('\n'));
const kind = fc.constantFrom(...cellKinds);
const name = fc.oneof(fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/), text);

const cell: fc.Arbitrary<Cell> = fc.record({ id: fc.nat(), kind, name, prose, text, config }).map((any) => {
  const cell = { id: `cell_${any.id}` as CellId, kind: any.kind, name: any.name, order: 'a0' };
  if (any.kind === 'markdown') return { ...cell, name: '', source: any.prose, config: {} };
  const source = any.id % 2 === 0 ? any.text : any.prose;
  return { ...cell, source: any.kind === 'sql' ? source : '', config: any.config };
});
const notebook: fc.Arbitrary<Notebook> = fc.record({
  title: text,
  meta: config.map(({ datacraft: _d, title: _t, ...meta }) => meta),
  cells: fc.array(cell, { maxLength: 4 }),
});

const again = (file: string): string => formatNotebook(parseNotebook(file).notebook);
/** What the form keeps of a cell: all of it, with Unix line ends. */
const kept = ({ kind, name, source, config }: Cell): object => ({
  kind,
  name,
  source: source.replace(/\r\n?/g, '\n'),
  config,
});

describe('the text form', () => {
  it('F2 format of parse of format is format, for any notebook', () => {
    fc.assert(
      fc.property(notebook, (value) => {
        const file = formatNotebook(value);
        expect(again(file)).toBe(file);
      }),
      { numRuns: 400 },
    );
  });

  it('keeps every config, text and name of cells that are well named', () => {
    const named = cell.filter((each) => each.kind !== 'markdown' && /^[a-z][a-z0-9_]*$/.test(each.name));
    fc.assert(
      fc.property(named, config, text, (value, meta, title) => {
        const { datacraft: _d, title: _t, ...rest } = meta;
        const parsed = parseNotebook(formatNotebook({ title, meta: rest, cells: [value] }));
        expect(parsed.syntaxDiagnostics).toEqual([]);
        expect(parsed.notebook.cells.map(kept)).toEqual([kept(value)]);
        expect(parsed.notebook.title).toBe(title);
        expect(parsed.notebook.meta).toEqual(rest);
      }),
      { numRuns: 400 },
    );
  });

  it('keeps prose cells apart and as they are, but for blank edges', () => {
    const closed = fc.array(
      proseLine.filter((line) => !/^\s*(```|~~~|<!--)/m.test(line) && !line.includes('\r')),
      { maxLength: 6 },
    );
    const proseCell = closed.map((lines) => lines.join('\n')).filter((source) => /[^\s]/.test(source));
    fc.assert(
      fc.property(fc.array(proseCell, { maxLength: 4 }), (sources) => {
        const cells = sources.map((source, index) => ({
          id: `c${index}` as CellId,
          kind: 'markdown' as CellKind,
          name: '',
          order: 'a',
          source,
          config: {},
        }));
        const parsed = parseNotebook(formatNotebook({ title: 'T', meta: {}, cells }));
        const edge = (source: string): string => source.replace(/^([ \t]*\n)+/, '').replace(/[ \t\n]+$/, '');
        expect(parsed.notebook.cells.map(({ source }) => source)).toEqual(
          sources.map(edge).filter((source) => source !== ''),
        );
      }),
    );
  });

  it('an edit of one cell changes the lines of that cell alone', () => {
    const solid = cell.filter((each) => each.kind !== 'markdown' || /[a-z]/.test(each.source));
    fc.assert(
      fc.property(fc.array(solid, { minLength: 1, maxLength: 5 }), solid, fc.nat(), (cells, edited, at) => {
        const index = at % cells.length;
        const before = cells[index];
        if (!before || (before.kind === 'markdown') !== (edited.kind === 'markdown')) return;
        const others = { title: 'T', meta: {} };
        const first = formatNotebook({ ...others, cells });
        const second = formatNotebook({ ...others, cells: cells.map((each, i) => (i === index ? edited : each)) });
        const alone = (each: Cell): string => formatNotebook({ ...others, cells: [each] }).slice(head.length + 1, -1);
        const head = formatNotebook({ ...others, cells: [] });
        const start = formatNotebook({ ...others, cells: cells.slice(0, index) }).length;
        const gap = second.indexOf(alone(edited), start) - start;
        const end = start + gap;
        expect(second.slice(0, end)).toBe(first.slice(0, end));
        expect(second.slice(end + alone(edited).length)).toBe(first.slice(end + alone(before).length));
      }),
    );
  });

  it('F1 parse never throws and is stable after one formatting, for any text', () => {
    const piece = fc.oneof(
      nasty,
      proseLine,
      fc.constantFrom('\n', '\n', '\n---\n', '```sql a\n', '```source b\n', 'key: ', '- ', '[', '{'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const file = again(pieces.join(''));
        expect(again(file)).toBe(file);
      }),
      { numRuns: 400 },
    );
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (any) => void parseNotebook(any)));
  });
});
