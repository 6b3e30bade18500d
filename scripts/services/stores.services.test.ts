import { GetObjectCommand, CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CompleteMultipartUploadCommand, CreateMultipartUploadCommand, UploadPartCommand } from '@aws-sdk/client-s3';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { askTcp } from './ask.ts';
import { command } from './cache.ts';
import { useServices } from './for-tests.ts';
import { restart } from './supervise.ts';

const env = useServices('redis', 'mariadb', 'postgres', 's3');

describe('Redis', () => {
  it('gives back what was set, also after a restart', async () => {
    const port = () => Number(new URL(env['REDIS_URL'] ?? '').port);
    expect(await askTcp(port(), 'SET city Recife\r\n')).toBe('+OK\r\n');
    await restart('redis');
    expect(await askTcp(port(), 'GET city\r\n')).toBe('$6\r\nRecife\r\n');
  });
});

describe('MariaDB', () => {
  const ask = (sql: string) => {
    const url = new URL(env['MYSQL_URL'] ?? '');
    const at = ['--no-defaults', '-h', url.hostname, '-P', url.port, '-u', url.username, `-p${url.password}`];
    const libraries = { LD_LIBRARY_PATH: env['MARIADB_LIBRARIES'] ?? '' };
    return command(env['MARIADB_CLIENT'] ?? '', [...at, '-N', '-B', url.pathname.slice(1), '-e', sql], {
      env: libraries,
    });
  };

  it('writes, reads and says that its binlog has rows', async () => {
    await ask('create table orders (id int primary key, total decimal(18,4)); insert into orders values (1, 12.3456)');
    expect(await ask('select id, total from orders')).toBe('1\t12.3456\n');
    expect(await ask('select @@log_bin, @@binlog_format')).toBe('1\tROW\n');
  });
});

describe('PostgreSQL', () => {
  it('streams changes through a logical slot', async () => {
    const client = new pg.Client({ connectionString: env['POSTGRES_URL'] });
    await client.connect();
    await client.query('create table orders (id int primary key)');
    await client.query('create publication changes for table orders');
    await client.query(`select pg_create_logical_replication_slot('reader', 'pgoutput')`);
    await client.query('insert into orders values (7)');
    const options = `'proto_version', '1', 'publication_names', 'changes'`;
    const { rows } = await client.query<{ data: Buffer }>(
      `select data from pg_logical_slot_get_binary_changes('reader', null, null, ${options})`,
    );
    await client.query(`select pg_drop_replication_slot('reader')`);
    await client.end();
    expect(rows.map((row) => String.fromCharCode(row.data[0] ?? 0)).join('')).toBe('BRIC');
  });
});

describe('S3', () => {
  const client = () =>
    new S3Client({
      endpoint: env['S3_ENDPOINT'] ?? '',
      region: env['S3_REGION'] ?? '',
      forcePathStyle: true,
      credentials: { accessKeyId: env['S3_ACCESS_KEY_ID'] ?? '', secretAccessKey: env['S3_SECRET_ACCESS_KEY'] ?? '' },
    });

  it('gives back what was put', async () => {
    const s3 = client();
    await s3.send(new CreateBucketCommand({ Bucket: 'lake' }));
    await s3.send(new PutObjectCommand({ Bucket: 'lake', Key: 'a/b.txt', Body: 'olá' }));
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'lake', Key: 'a/b.txt' }));
    expect(await Body?.transformToString()).toBe('olá');
  });

  it('joins the parts of a multipart upload', async () => {
    const s3 = client();
    const object = { Bucket: 'lake-parts', Key: 'big.bin' };
    await s3.send(new CreateBucketCommand({ Bucket: object.Bucket }));
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand(object));
    const bodies = [Buffer.alloc(5 * 2 ** 20, 'a'), Buffer.from('end')];
    const Parts = [];
    for (const [index, Body] of bodies.entries()) {
      const PartNumber = index + 1;
      const { ETag } = await s3.send(new UploadPartCommand({ ...object, UploadId, PartNumber, Body }));
      Parts.push({ ETag, PartNumber });
    }
    await s3.send(new CompleteMultipartUploadCommand({ ...object, UploadId, MultipartUpload: { Parts } }));
    const { Body } = await s3.send(new GetObjectCommand(object));
    const whole = Buffer.from((await Body?.transformToByteArray()) ?? []);
    expect(whole.equals(Buffer.concat(bodies))).toBe(true);
  });

  it('refuses who does not know the secret', async () => {
    const stranger = new S3Client({
      endpoint: env['S3_ENDPOINT'] ?? '',
      region: 'us-east-1',
      forcePathStyle: true,
      credentials: { accessKeyId: 'datacraft', secretAccessKey: 'wrong' },
    });
    await expect(stranger.send(new CreateBucketCommand({ Bucket: 'theirs' }))).rejects.toThrow(/signature/i);
  });
});
