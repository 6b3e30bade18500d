import type { CellId } from '@datacraft/shared';
import { describe, expect, it } from 'vitest';

import { combineExtents } from './extent.ts';
import { readFailure } from './failure.ts';
import { literalOf } from './literal.ts';
import { createPreview } from './preview.svelte.ts';
import { prepareText, variableStatements } from './statement.ts';

const statement = (text: string) => {
  const prepared = prepareText(text);
  if (prepared.kind !== 'statement') throw new Error(prepared.kind);
  return prepared.statement;
};

describe('prepareText', () => {
  it('rewrites parameters and leaves those in strings and comments', () => {
    const { sql, toText } = statement("select '$a', $a -- $a\nfrom t where x > $b");
    expect(sql).toBe("select '$a', getvariable('a') -- $a\nfrom t where x > getvariable('b')");
    expect(toText(sql.indexOf('from'))).toBe("select '$a', $a -- $a\n".length);
  });

  it('takes one SELECT and refuses a second statement, whatever hides the semicolon', () => {
    expect(prepareText("select ';' ; ").kind).toBe('statement');
    expect(prepareText('select 1; drop table t')).toMatchObject({
      kind: 'refused',
      why: { key: expect.stringContaining('exactly one SELECT') },
      offset: 8,
    });
    expect(prepareText('select 1 /* ; */;--;\n select 2').kind).toBe('refused');
    expect(prepareText('  -- nothing\n').kind).toBe('empty');
  });

  it.each([
    'drop table t',
    'set x = 1',
    'copy t to x',
    'attach x',
    'install icu',
    'pragma x',
    'create view v as select 1',
  ])('refuses %s', (text) => expect(prepareText(text)).toMatchObject({ kind: 'refused', offset: 0 }));

  it('finds the words and the published tables a text may read', () => {
    const { words, tables } = statement('select a.x from Orders a join "silver"."Items" on true, gold.facts');
    expect(words.has('orders')).toBe(true);
    expect(tables).toEqual([
      { layer: 'silver', name: 'items' },
      { layer: 'gold', name: 'facts' },
    ]);
  });
});

describe('variableStatements', () => {
  it('quotes names and values and casts to the type of the input', () => {
    expect(variableStatements({ 'a"b': "o'x", n: null, list: ['a', 2] }, { n: 'DATE' })).toEqual([
      `SET VARIABLE "a""b" = 'o''x'`,
      'SET VARIABLE "n" = CAST(NULL AS DATE)',
      `SET VARIABLE "list" = ['a', CAST(2 AS BIGINT)]`,
    ]);
    expect(literalOf(0.5)).toBe("CAST('0.5' AS DOUBLE)");
  });
});

describe('Preview', () => {
  it.each(['', '  ', '-- first', '--select 1', '/* select 1 */;'])(
    'V4 is idle before and after it is asked for %j',
    (text) => {
      const never = () => Promise.reject(new Error('nothing is asked of the server'));
      const preview = createPreview({ samples: never, runOnServer: never, boot: never } as never);
      const cell = { id: 'cell_a' as CellId, name: 'a', kind: 'sql', text, version: '' } as const;
      preview.define([cell]);
      preview.preview(cell.id);
      expect(preview.of(cell.id).state).toBe('idle');
      preview.preview(cell.id, 'select 1');
      expect(preview.of(cell.id).state).toBe('running');
      preview.preview(cell.id, text);
      expect(preview.of(cell.id).state).toBe('idle');
      preview.dispose();
    },
  );
});

describe('readFailure', () => {
  it.each([
    [
      "Extension Autoloading Error: An error occurred while trying to automatically install the required extension 'icu':",
      'unsupported',
    ],
    [
      'Catalog Error: Scalar Function with name "json_extract" is not in the catalog, but it exists in the json extension.',
      'unsupported',
    ],
    ['Out of Memory Error: failed to allocate data', 'memory'],
    ['memory access out of bounds', 'crash'],
    ['query was canceled', 'cancelled'],
    ['Catalog Error: Table with name x does not exist!', 'missing'],
    ['Permission Error: Cannot access file "/x.csv" - file system operations are disabled by configuration', 'text'],
  ])('sorts %s as %s', (message, kind) => expect(readFailure(new Error(message)).kind).toBe(kind));

  it('reads the place from JSON and leaves the echo of the line out', () => {
    const json = { exception_type: 'Binder', exception_message: 'no column "a"\n\nLINE 1: select a', position: '7' };
    expect(readFailure(new Error(`Parser Error: ${JSON.stringify(json)}`))).toEqual({
      kind: 'text',
      message: 'no column "a"',
      offset: 7,
    });
  });
});

describe('combineExtents', () => {
  it('is a sample when anything read is one, and names the smallest share', () => {
    const a = { kind: 'sample', rows: 5, total: 10, of: 'a' } as const;
    const b = { kind: 'sample', rows: 1, total: 10, of: 'b' } as const;
    expect(combineExtents([{ kind: 'full' }, a, b])).toBe(b);
    expect(combineExtents([])).toEqual({ kind: 'full' });
  });
});
