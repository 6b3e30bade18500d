/**
 * The claims that every kind of source is held to, each against a place of its own at the real thing (claims.ts says
 * what a kind promises beyond them).
 */
import { parseNotebook, relationName } from '@datacraft/shared';
import type { Progress, TaskReport } from '@datacraft/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compile } from '../../../compile/compile.ts';
import { loadTable } from '../../../iceberg/load-table.ts';
import type { Workshop } from '../../../run/testing/workshop.ts';
import { taskOf } from '../../../run/testing/workshop.ts';
import type { RemoteAccess } from '../../source.ts';
import type { Bed, MakeBed, Row } from './bed.ts';
import type { Claims, KindName } from './claims.ts';
import { claims } from './claims.ts';

const rows = (from: number, to: number): Row[] =>
  Array.from({ length: to - from }, (_, at) => ({ id: from + at, name: `n ${from + at}, "é"` }));

/** Runs every claim against one kind of source. `shop` is opened before the tests of the file and closed after them. */
export function conforms(kind: KindName, shop: () => Workshop, make: MakeBed): void {
  const promised: Claims = claims[kind];
  const name = kind.replaceAll(' ', '_');

  describe(`a source ${kind}`, () => {
    const there: Row[] = [];
    let bed: Bed;
    beforeAll(async () => {
      bed = await make(`c_${name}`, shop());
    });
    afterAll(() => bed.close?.());

    const put = async (more: readonly Row[]) => {
      await bed.put(more);
      there.push(...more);
    };
    const run = (how: How = {}) => runOf(shop(), `c_${name}`, bed, how);
    const found = () => shop().rows(`select id::varchar, name from bronze.c_${name} order by id::bigint`);
    const expectAll = async () => expect(await found()).toEqual(there.map((row) => [String(row.id), row.name]));

    it('gives every row of what is there, says how many while it reads and at the end, and is fresh while nothing came', async () => {
      await put(rows(1, 31));
      const events = shop().events.length;
      expect(await run()).toMatchObject({ state: 'succeeded', rowsWritten: 30 });
      await expectAll();
      expect(progressOf(shop(), events)).toEqual(['queued', 'running', 'succeeded 30']);
      const told = readingOf(shop(), events, `c_${name}`);
      expect(told.every(({ bytes = 0 }, at) => at === 0 || bytes >= (told[at - 1]?.bytes ?? 0))).toBe(true);
      const last = told.at(-1);
      expect(last?.bytes).toBeGreaterThan(0);
      if (promised.told === 'rows') expect(last?.rows).toBe(30);
      else expect(last?.totalBytes).toBe(last?.bytes);
      expect(await run()).toMatchObject({ state: 'skipped', reason: 'fresh' });
    });

    it(`later has what came since, each row once; its table is ${promised.later}`, async () => {
      await put(rows(31, 41));
      expect(await run()).toMatchObject({ state: 'succeeded', rowsWritten: there.length });
      await expectAll();
      const operation = promised.later === 'added' ? 'append' : 'overwrite';
      expect(await lastOperation(shop(), `c_${name}`)).toBe(operation);
      const problems = await problemsOf(shop(), `c_${name}`, `${bed.keys}\nincremental: { cursor: id }`);
      if (promised.incremental === 'refused') expect(problems.join()).toMatch(/incremental/);
    });

    it('reads again what was read by a run that ended before it was published', async () => {
      await put(rows(41, 51));
      const before = await found();
      expect(await run({ dies: true })).toMatchObject({ state: 'failed' });
      expect(await found()).toEqual(before);
      expect(await run()).toMatchObject({ state: 'succeeded' });
      await expectAll();
    });

    it('keeps its last rows when a run is stopped, and gives all when it is run again', async () => {
      await put(rows(51, 61));
      const before = await found();
      expect(await run({ stops: promised.asks ? 'when asked' : 'when it begins' })).toMatchObject({
        state: 'cancelled',
      });
      expect(await found()).toEqual(before);
      expect(await run()).toMatchObject({ state: 'succeeded' });
      await expectAll();
    });

    it('gains the columns that come, NULL in the rows before', async () => {
      await put(rows(61, 66).map((row) => ({ ...row, extra: 'x' })));
      expect(await run()).toMatchObject({ state: 'succeeded' });
      await expectAll();
      expect(
        await shop().rows(`select count(*) filter (where extra = 'x')::int, count(*) filter (where extra is null)::int
          from bronze.c_${name}`),
      ).toEqual([[5, 60]]);
    });

    it('stops at a bad row by default and leaves the table as it was; what may set it aside loses no other', async () => {
      const before = await found();
      await bed.putBad();
      await put(rows(66, 69));
      expect(await run()).toMatchObject({ state: 'failed', error: { code: 'source-rows-rejected' } });
      expect(await found()).toEqual(before);
      const aside = `${bed.keys}\nrejects: table`;
      if (promised.bad !== 'set aside')
        return expect((await problemsOf(shop(), `c_${name}`, aside)).join()).toMatch(promised.bad.refused);
      expect(await run({ more: 'rejects: table' })).toMatchObject({ state: 'succeeded', rowsRejected: 1 });
      await expectAll();
      expect(await shop().rows(`select count(*)::int from bronze.c_${name}_rejects where reason is not null`)).toEqual([
        [1],
      ]);
    });
  });
}

interface How {
  readonly more?: string;
  /** All was read and staged, and then the machine goes. */
  readonly dies?: boolean;
  readonly stops?: 'when asked' | 'when it begins';
}

async function runOf(shop: Workshop, name: string, bed: Bed, { more = '', dies, stops }: How): Promise<TaskReport> {
  const stopping = new AbortController();
  const remote = stops === 'when asked' && bed.remote ? stoppedWhenAsked(bed.remote, stopping) : bed.remote;
  if (stops === 'when it begins') stopping.abort();
  const died = () => Promise.reject(new Error('the machine went away'));
  const deps = {
    ...(remote ? { remote } : {}),
    ...(dies === true ? { lake: { ...shop.deps.lake, writeAll: died } } : {}),
    limits: { ...shop.deps.limits, memoryLimitMb: 1_024 },
  };
  const report = await shop.run(cellOf(name, `${bed.keys}\n${more}`), { deps, owner: name, signal: stopping.signal });
  const ended = report.tasks.find(({ cell }) => cell === name);
  if (ended === undefined || report.state === 'cancelled')
    return { ...(ended ?? ({ cell: name } as TaskReport)), state: report.state } as TaskReport;
  return taskOf(report, name);
}

const cellOf = (name: string, keys: string) => `\`\`\`source ${name}\n${keys.trim()}\n\`\`\`\n`;

/** Whoever started the run stops it at the moment when it first asks how to reach the other side. */
function stoppedWhenAsked(remote: RemoteAccess, stopping: AbortController): RemoteAccess {
  const stop = () => stopping.abort();
  return {
    ...remote,
    get allowedHosts() {
      stop();
      return remote.allowedHosts;
    },
    secret: (name, to) => (stop(), remote.secret(name, to)),
    connection: (name) => (stop(), remote.connection(name)),
    ...(remote.events
      ? { events: (...asked: Parameters<NonNullable<RemoteAccess['events']>>) => (stop(), eventsOf(remote, asked)) }
      : {}),
  };
}

function eventsOf({ events }: RemoteAccess, asked: Parameters<NonNullable<RemoteAccess['events']>>) {
  return events ? events(...asked) : Promise.resolve([]);
}

async function problemsOf(shop: Workshop, name: string, keys: string): Promise<string[]> {
  const { notebook, diagnostics } = parseNotebook(cellOf(name, keys));
  const compiled = await compile(notebook, shop.deps.duck);
  return [...diagnostics, ...compiled.diagnostics]
    .filter(({ severity }) => severity === 'error')
    .map(({ message }) => message);
}

async function lastOperation(shop: Workshop, name: string): Promise<string | undefined> {
  const ref = { layer: 'bronze', name } as const;
  const table = await loadTable(shop.deps.db, shop.deps.lake, ref);
  if (!table) throw new Error(`${relationName(ref)} is not published`);
  return table.metadata.snapshots.at(-1)?.summary.operation;
}

/** How far the reading was said to be. */
function readingOf({ events }: Workshop, from: number, cell: string): Progress[] {
  return events
    .slice(from)
    .flatMap((event) => (event.type === 'reading' && event.cell === cell ? [event.progress] : []));
}

/** What was told of the task while it ran. */
function progressOf(shop: Workshop, from: number): string[] {
  const told = shop.events.slice(from).flatMap((event) => {
    if (event.type === 'run') return event.run.tasks.map(({ state }) => state);
    if (event.type === 'reading') return [];
    const { state, rowsWritten } = event.task;
    return [state === 'succeeded' ? `${state} ${String(rowsWritten)}` : state];
  });
  return told.filter((state, at) => state !== told[at - 1] && state !== 'succeeded');
}
