import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import type { SimulatorSource } from '@datacraft/shared';
import { declaredTypes } from '../declared-columns.ts';
import type { IdentifiedSource, LastRead, OpenedSource, SourceAdapter, SourceContext } from '../source.ts';
import type { CsvLayout } from '../csv/layout.ts';
import { rejectsStatement, selectStatement, type CsvRead, type RejectTables } from '../csv/statement.ts';
import { generateCsv } from './generate.ts';
import { identifyLive } from './live.ts';
import { settingsOf, type Settings } from './settings.ts';
import { templateOf } from './template.ts';

/**
 * Makes rows from a seed, so that examples and tests need no outside system.
 *
 * S1  The same spec gives the same bytes, on any day and any machine.
 * S2  Without dirt every row is sound. Dirt is typed (absurd, missing, twice, mojibake, late); rows that cannot be
 *     read come only with `rejects: table`, where they are set aside.
 * S3  E-commerce templates of one seed fit together: ids and prices in orders are those of customers and products.
 *
 * Rows are written as CSV into the private directory and read by the same reader as other CSV.
 */
export const simulatorAdapter: SourceAdapter<SimulatorSource> = {
  identify(spec, { live, last, tempDir }) {
    if (live) return identifyLive(spec, live, last ?? null, tempDir);
    if (last?.state?.['made'] !== undefined) return Promise.resolve(asStreamed(last));
    const identity = createHash('sha256').update(`simulator ${GENERATION} ${JSON.stringify(settingsOf(spec))}`);
    return Promise.resolve({ identity: identity.digest('hex'), files: [] });
  },

  async open(spec, identified, _session, context): Promise<OpenedSource> {
    const settings = settingsOf(spec);
    const [made] = identified.files;
    if (made) return opened(spec, made.path, settings.template);
    return readSimulation(spec, settings, settings.rows, context);
  },

  async sniff(spec, _identified, session, context) {
    const settings = settingsOf(spec);
    const few = Math.min(settings.rows, 100);
    const opened = await readSimulation(spec, settings, few, context);
    const preview = await session.rows(opened.select, { limit: 100 });
    return {
      options: { rows: settings.rows, seed: settings.seed, dirt: `${settings.dirt * 100}%` },
      columns: preview.columns,
      preview: { ...preview, totalRows: settings.rows, truncated: settings.rows > few },
      warnings: [],
    };
  },
};

/** Rows of a stream stay what they are: a run finds nothing new, and makes those of the seed with a full refresh. */
function asStreamed({ identity, state }: LastRead): IdentifiedSource {
  return { identity, files: [], mode: 'append', state };
}

/** Changes when the same spec begins to give other rows. */
const GENERATION = 1;

let simulations = 0;

async function readSimulation(
  spec: SimulatorSource,
  settings: Settings,
  rows: number,
  context: SourceContext,
): Promise<OpenedSource> {
  const path = join(context.tempDir, `simulation-${simulations}.csv`);
  await writeSimulation(settings, rows, path, context.signal);
  return opened(spec, path, settings.template);
}

function opened(spec: SimulatorSource, path: string, template: string): OpenedSource {
  const shownAs = `simulator:${template}`;
  const number = ++simulations;
  const reads: readonly CsvRead[] = [{ layout: layoutOf(spec, shownAs), gzip: false, files: [{ path, shownAs }] }];
  if (spec.rejects !== 'table') return { select: selectStatement(reads, null), rejects: null };
  const tables: readonly RejectTables[] = [
    { rows: `simulation_rejects_${number}`, scans: `simulation_scans_${number}` },
  ];
  return { select: selectStatement(reads, tables), rejects: rejectsStatement(reads, tables) };
}

function layoutOf(spec: SimulatorSource, shownAs: string): CsvLayout {
  const { columns } = templateOf(spec.template);
  const declared = declaredTypes(
    spec.columns,
    columns.map(({ name }) => name),
    shownAs,
  );
  return {
    delimiter: ',',
    quote: '"',
    escape: '"',
    skip: 0,
    header: true,
    columns: columns.map(({ name, type }) => ({ name, type: declared.get(name) ?? type, origin: 'declared' })),
    decimal: '.',
    thousands: '',
    dateFormat: null,
    timestampFormat: null,
    nullValues: [''],
    warnings: [],
  };
}

async function writeSimulation(settings: Settings, rows: number, path: string, signal?: AbortSignal): Promise<void> {
  const chunks = Readable.from(paced(generateCsv(settings, rows)));
  await pipeline(chunks, createWriteStream(path), signal ? { signal } : {});
}

/** Lets other work, and an abort, in between chunks. */
async function* paced(chunks: Iterable<string>): AsyncGenerator<string> {
  for (const chunk of chunks) {
    yield chunk;
    await setImmediate();
  }
}
