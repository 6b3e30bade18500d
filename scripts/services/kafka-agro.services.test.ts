/** The example of rural credit by live events: Avro through a topic and the registry, to gold, the same as of the file. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseNotebook } from '@datacraft/shared';
import { describe, expect, it } from 'vitest';
import { untilSeen } from '../../server/src/testing/stream-runner.ts';
import { useServices } from './for-tests.ts';
import { useLiveServer } from './testing/live.ts';
import { committedOf } from './testing/topic.ts';

const root = join(import.meta.dirname, '..', '..');
const agro = join(root, 'examples', 'agro');
const live = useLiveServer(useServices('kafka'));
const EVENTS = 'dados_produtores';
const tables = [
  'silver.silver_dados_produtores_agro',
  'gold.proponente_features_agro',
  'gold.location_features_agro',
  'gold.risk_features_agro',
];

async function produce(): Promise<{ messages: number; isKnown: boolean; registered: { subject: string } }> {
  const args = ['produce', join(agro, 'data', 'dados_produtores.avro'), '--schema', join(agro, 'producer_schema.avsc')];
  const to = ['--topic', EVENTS, '--key', 'proponente_id', '--brokers', live.brokers, '--json'];
  const env = {
    ...process.env,
    DATABASE_URL: live.test.config.databaseUrl ?? '',
    DATACRAFT_DATA_DIR: live.test.config.dataDir,
  };
  const main = join(root, 'server', 'src', 'cli', 'main.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [main, ...args, ...to], { env });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Awaited<ReturnType<typeof produce>>;
}

async function notebook(file: string): Promise<string> {
  return (await readFile(join(agro, file), 'utf8')).replace('127.0.0.1:9092', live.brokers);
}

/** What a cell of the notebook of files says, asked of the rows that the stream kept. */
async function batchOf(cell: string, from: string, of: string): Promise<unknown[][]> {
  const { cells } = parseNotebook(await notebook('notebook.md')).notebook;
  const sql = cells.find(({ name }) => name === cell)?.source.replace(new RegExp(`from ${from}\\b`), `from ${of}`);
  return live.rows(`select * from (${sql}) order by all`);
}

describe('the example of rural credit by Kafka', () => {
  it('brings each event once through bronze and silver to the features, with all columns, and follows what comes', async () => {
    expect(await produce()).toMatchObject({ isKnown: false, registered: { subject: `${EVENTS}-value` } });
    const sent = (await committedOf(live.kafka(), EVENTS)).length;
    expect(sent).toBeGreaterThan(1_000);
    expect(await produce()).toMatchObject({ isKnown: true, messages: 0 });
    expect((await committedOf(live.kafka(), EVENTS)).length).toBe(sent);

    const text = await notebook('kafka.md');
    const { json } = await live.call('POST', '/notebooks/import', text, { 'content-type': 'text/markdown' });
    const { json: stream } = await live.call('POST', `/notebooks/${json.id}/streams`, { cell: EVENTS, commitMs: 250 });
    const bronze =
      'select count(*)::int, count(distinct (proponente_id, data_solicitacao))::int from bronze.dados_produtores_agro';
    await untilSeen(() => live.rows(bronze), [[sent, sent]]);
    await untilSeen(
      () => live.rows('select count(*)::int from gold.risk_features_agro where total_solicitacoes > 0'),
      [[20]],
    );

    const schema = JSON.parse(await readFile(join(agro, 'producer_schema.avsc'), 'utf8')) as {
      fields: { name: string }[];
    };
    const { json: described } = await live.call('POST', '/query', { sql: 'from bronze.dados_produtores_agro limit 1' });
    const names = described.columns.map(({ name }: { name: string }) => name);
    expect(names).toEqual([...schema.fields.map(({ name }) => name), 'ingestion_timestamp']);
    const silver = await batchOf(
      'silver_dados_produtores_agro',
      'dados_produtores_agro',
      'bronze.dados_produtores_agro',
    );
    expect(await live.rows(`select * from ${tables[0]} order by all`)).toEqual(silver);
    for (const table of tables.slice(1)) {
      const cell = table.split('.')[1] ?? '';
      const batch = await batchOf(cell, 'silver_dados_produtores_agro', 'silver.silver_dados_produtores_agro');
      expect(await live.rows(`select * from ${table} order by all`), table).toEqual(batch);
    }
    const { json: told } = await live.call('GET', `/streams/${stream.id}`);
    expect(told).toMatchObject({ state: 'live', rows: sent, rejected: 0, progress: { failedCells: {} } });
    await live.call('POST', `/streams/${stream.id}/pause`);
  }, 300_000);

  it('says the same in its cells as the notebook of files, but for where events come from', async () => {
    const [files, kafka] = await Promise.all(
      ['notebook.md', 'kafka.md'].map(async (file) => parseNotebook(await notebook(file)).notebook.cells),
    );
    const own = new Set([EVENTS, 'dados_produtores_agro', 'solicitacoes', '']);
    for (const { name, source, config } of (kafka ?? []).filter((cell) => !own.has(cell.name)))
      expect(
        files?.find((cell) => cell.name === name),
        name,
      ).toMatchObject({ source, config });
  });
});
