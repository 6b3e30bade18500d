import { createTestDatabase } from '@datacraft/migrations/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useServices } from '../../../../scripts/services/for-tests.ts';
import type { Workshop } from '../../run/testing/workshop.ts';
import { createWorkshop, taskOf } from '../../run/testing/workshop.ts';
import { conforms } from '../testing/conformance/conforms.ts';
import { kinesisBed } from '../testing/conformance/message-beds.ts';
import { remoteAccess } from '../testing/remote-database.ts';
import { openKinesis } from './client.ts';
import type { Shard } from './shards.ts';
import { shardsOf } from './shards.ts';

const env = useServices('moto');
let shop: Workshop;
beforeAll(async () => {
  shop = await createWorkshop(await createTestDatabase());
});
afterAll(() => shop.close());

const remote = remoteAccess(['127.0.0.1'], { aws: 'test-key' });
const place = () => ({ endpoint: env['AWS_ENDPOINT_URL'] ?? '', access_key: 'test', secret_key: 'secret://aws' });
const client = async () => openKinesis({ type: 'kinesis', stream: 'any', ...place() }, remote);

async function manage(action: string, body: object): Promise<object> {
  return (await client()).call(action, body);
}
const create = (stream: string, shards = 1) => manage('CreateStream', { StreamName: stream, ShardCount: shards });

/** Each value goes to the shard of its key. */
async function put(stream: string, values: readonly unknown[], key: (at: number) => string = String): Promise<void> {
  for (const [at, value] of values.entries()) {
    const bytes = Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value));
    await manage('PutRecord', { StreamName: stream, PartitionKey: key(at), Data: bytes.toString('base64') });
  }
}

async function run(stream: string, more = '') {
  const { endpoint } = place();
  const keys = `type: kinesis\nstream: ${stream}\nendpoint: ${endpoint}\naccess_key: test\nsecret_key: secret://aws\n${more}`;
  const text = `\`\`\`source ${stream}\n${keys.trim()}\n\`\`\`\n`;
  const limits = { ...shop.deps.limits, memoryLimitMb: 1_024 };
  return taskOf(await shop.run(text, { deps: { remote, limits }, owner: stream }), stream);
}
const ids = async (stream: string) =>
  (await shop.rows(`select id from bronze.${stream} order by id`)).map(([id]) => Number(id));
const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at);
const events = (from: number, to: number) => numbers(from, to).map((id) => ({ id, name: `e${id}` }));

describe('a stream of Kinesis', () => {
  it('is read once, shard by shard, with where each record was; later runs add what came since', async () => {
    await create('clicks', 3);
    await put('clicks', events(0, 40));
    expect(await run('clicks')).toMatchObject({ state: 'succeeded', rowsWritten: 40 });
    expect(await run('clicks')).toMatchObject({ state: 'skipped', reason: 'fresh' });
    await put('clicks', events(40, 55));
    expect(await run('clicks')).toMatchObject({ state: 'succeeded' });
    expect(await ids('clicks')).toEqual(numbers(0, 55));
    const [[shards, sequences] = []] = await shop.rows(
      'select count(distinct _shard), count(distinct _shard || _sequence) from bronze.clicks',
    );
    expect([Number(shards), Number(sequences)]).toEqual([3, 55]);
  });

  it('loses and doubles nothing when its shards are split and merged, and keeps the order of a key', async () => {
    await create('carts', 2);
    await put('carts', events(0, 20), () => 'one key');
    await run('carts');
    await put('carts', events(20, 30), () => 'one key');
    const [first, second] = await shards('carts');
    await manage('SplitShard', {
      StreamName: 'carts',
      ShardToSplit: first?.ShardId,
      NewStartingHashKey: '80000000000000000000000000000000000000',
    });
    await put('carts', events(30, 40), () => 'one key');
    expect((await run('carts')).error).toBeUndefined();
    const open = (await shards('carts')).filter(({ ParentShardId }) => ParentShardId === first?.ShardId);
    await manage('MergeShards', {
      StreamName: 'carts',
      ShardToMerge: open[1]?.ShardId,
      AdjacentShardToMerge: second?.ShardId,
    });
    await put('carts', events(40, 50), () => 'one key');
    expect((await run('carts')).error).toBeUndefined();
    expect(await ids('carts')).toEqual(numbers(0, 50));
  });

  it('has its bad records set aside with their bytes, and good ones beside them', async () => {
    await create('mixed');
    await put('mixed', [{ id: 1 }, Buffer.from('not json'), { id: 2 }, Buffer.from([0xf3, 0x89, 0x9a, 0xc2, 1])]);
    const failed = await run('mixed');
    expect(failed.error).toMatchObject({ code: 'source-rows-rejected' });
    expect(failed.error?.message).toMatch(/record \d+ of shardId-0+ of mixed is not valid JSON/);
    expect(await run('mixed', 'rejects: table')).toMatchObject({ rowsWritten: 2, rowsRejected: 2 });
    const aside = await shop.rows(`select raw, reason, headers->>'shard' from bronze.mixed_rejects order by line`);
    expect(aside[0]?.[0]).toBe('not json');
    expect(aside[1]?.[1]).toContain('turn aggregation off');
    expect(aside[0]?.[2]).toBe('shardId-000000000000');
  });

  it('takes new fields as they come, and a type that does not fit is a bad record', async () => {
    await create('drift');
    await put('drift', [{ id: 1 }]);
    await run('drift', 'rejects: table');
    await put('drift', [{ id: 2, coupon: 'x' }, { id: 'three' }]);
    expect(await run('drift', 'rejects: table')).toMatchObject({ state: 'succeeded', rowsRejected: 1 });
    expect(await shop.rows('select id, coupon from bronze.drift order by id')).toEqual([
      ['1', null],
      ['2', 'x'],
    ]);
  });

  it('made anew, missing, or asked with a wrong start is said, and what was read stays', async () => {
    await create('short');
    await put('short', events(0, 3));
    await run('short');
    await manage('DeleteStream', { StreamName: 'short' });
    expect((await run('short')).error?.message).toContain('check stream: and region:');
    await new Promise((wake) => setTimeout(wake, 1_100)); // moto tells when a stream was made to the second
    await create('short');
    expect((await run('short')).error?.message).toContain('was made anew since it was read');
    expect(await ids('short')).toEqual([0, 1, 2]);
    expect((await run('short', 'start: never')).error).toMatchObject({ code: 'bad-request' });
  });
});

const shards = async (stream: string): Promise<Shard[]> => shardsOf(await client(), stream);

conforms(
  'kinesis',
  () => shop,
  kinesisBed(() => {
    const connections = { aws: { type: 'kinesis', config: { ...place() } } };
    const stored = remoteAccess(['127.0.0.1'], { aws: 'test-key' }, connections);
    return { call: manage, place: 'connection: aws', remote: stored };
  }),
);
