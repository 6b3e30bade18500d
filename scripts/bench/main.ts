/**
 * `npm run bench -- NAME [--json] [--pairs N] [--full]`: one bench, measured beside its peer in the same run (see pairs.ts).
 * Data is generated, seeded; nothing is read from outside the checkout.
 */
import { parseArgs } from 'node:util';
import type { Bench } from './bench.ts';
import { reportText, surroundings } from './report.ts';

const benches: Readonly<Record<string, () => Promise<Bench>>> = {
  sql: async () => (await import('./sql.ts')).sql,
  csv: async () => (await import('./csv.ts')).csv,
  extract: async () => (await import('./extract.ts')).extract,
  cdc: async () => (await import('./cdc.ts')).cdc,
  commit: async () => (await import('./commit.ts')).commit,
  open: async () => (await import('./open.ts')).open,
  dashboard: async () => (await import('./dashboard.ts')).dashboard,
  grid: async () => (await import('./grid.ts')).grid,
  preview: async () => (await import('./preview.ts')).preview,
  schedule: async () => (await import('./schedule.ts')).schedule,
  incremental: async () => (await import('./incremental.ts')).incremental,
  lineage: async () => (await import('./lineage.ts')).lineage,
  train: async () => (await import('./train.ts')).train,
  score: async () => (await import('./score.ts')).score,
  kafka: async () => (await import('./kafka.ts')).kafka,
  sync: async () => (await import('./sync.ts')).sync,
  typing: async () => (await import('./typing.ts')).typing,
};
const MIN_PAIRS = 5;
/** With --full: minutes each. */
const FEWEST_FULL = 3;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      full: { type: 'boolean', default: false },
      pairs: { type: 'string' },
    },
  });
  const [name = ''] = positionals;
  const load = Object.hasOwn(benches, name) ? benches[name] : undefined;
  const fewest = values.full ? FEWEST_FULL : MIN_PAIRS;
  const pairs = Number(values.pairs ?? fewest);
  if (!load || !Number.isInteger(pairs) || pairs < fewest) {
    console.error(
      `usage: npm run bench -- ${Object.keys(benches).join('|')} [--json] [--pairs N] [--full]   (N is at least ${MIN_PAIRS}, with --full ${FEWEST_FULL})`,
    );
    return 64;
  }
  const bench = await load();
  const around = surroundings();
  const measured = await bench.measure({ pairs, full: values.full, say: (text) => console.error(text) });
  if (values.json) console.log(JSON.stringify({ bench: name, goal: bench.goal, surroundings: around, ...measured }));
  else console.log(reportText(name, bench, measured, around));
  return 0;
}

process.exit(await main());
