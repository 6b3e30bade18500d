import { describe, expect, it } from 'vitest';
import { readArguments, readAssignments } from './arguments.ts';
import type { Output } from './output.ts';
import { exitCodes, textTable } from './output.ts';
import { main } from './main.ts';

function recorded() {
  const out: string[] = [];
  const err: string[] = [];
  const output: Output = { out: (line) => void out.push(line), err: (line) => void err.push(line) };
  return { out, err, output };
}

describe('arguments', () => {
  const options = { param: { type: 'string', multiple: true }, json: { type: 'boolean' } } as const;

  it('keep every repeated value, and the last where one is wanted', () => {
    const read = readArguments(['f.md', '--param', 'a=1', '--param', 'b=2', '--json'], options);
    expect(read.positionals).toEqual(['f.md']);
    expect(read.texts('param')).toEqual(['a=1', 'b=2']);
    expect(read.text('param')).toBe('b=2');
    expect(read.flag('json')).toBe(true);
  });

  it.each([[['--nope']], [['--param']], [['--json=yes']]])('refuse %j', (args) => {
    expect(() => readArguments(args, options)).toThrow(expect.objectContaining({ code: 'bad-request' }));
  });

  it('split an assignment at its first sign', () => {
    expect([...readAssignments(['a=b=c', 'd='])]).toEqual([
      ['a', 'b=c'],
      ['d', ''],
    ]);
    expect(() => readAssignments(['=x'])).toThrow(/name=value/);
  });
});

describe('the program', () => {
  it.each([
    [['nonsense'], /no command is called nonsense/],
    [['run'], /one notebook file/],
    [['run', 'a.md', 'b.md'], /one notebook file, got 2/],
    [['check', 'a.md', '--jsn'], /--jsn/],
    [['run', 'a.md', '--param', 'x'], /name=value/],
    [['query', 'select 1', '--format', 'xml'], /table, json, csv, arrow/],
    [['query', 'select 1', '--as-of', 'last week'], /as-of expects/],
    [['export'], /one notebook id/],
    [['export', '--all'], /--out/],
    [['import'], /one notebook file or folder/],
    [['backfill', 'x'], /--from and --to/],
  ])('%j is a usage error: one line, exit 64', async (args, words) => {
    const { output, err, out } = recorded();
    expect(await main(args, output)).toBe(exitCodes.usage);
    expect(err.join('\n')).toMatch(words);
    expect([err.length, out]).toEqual([1, []]);
  });

  it('tells its commands when asked', async () => {
    const { output, out } = recorded();
    expect(await main(['help'], output)).toBe(0);
    expect(out.join()).toContain('datacraft run FILE.md');
  });
});

describe('help of a command', () => {
  it.each([
    ['run', '--help'],
    ['backfill', '-h'],
    ['branch', 'list', '--help'],
  ])('%s %s is what it takes, and nothing is done', async (...args) => {
    const { output, out, err } = recorded();
    expect(await main(args, output)).toBe(0);
    const lines = out.join('\n').split('\n');
    expect(lines[0]).toMatch(new RegExp(`^  datacraft ${args[0]} `));
    expect(
      lines.filter((line) => line.startsWith('  datacraft ') && !line.startsWith(`  datacraft ${args[0]} `)),
    ).toEqual([]);
    expect(err).toEqual([]);
  });
});

describe('a table for people', () => {
  it('aligns numbers right and words left', () => {
    expect(
      textTable(
        ['name', 'n'],
        [
          ['a', '1'],
          ['long name', '10'],
        ],
      ),
    ).toBe('name        n\n---------  --\na           1\nlong name  10');
  });
});
