import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import kafkajs from 'kafkajs';
import { unlz4 } from './lz4.ts';
import { unsnap } from './snappy.ts';

/** What kafkajs asks of a codec. Nothing is produced here, so nothing is compressed. */
function reading(name: string, decompress: (bytes: Buffer) => Promise<Buffer>) {
  const compress = () => Promise.reject(new Error(`messages are not written with ${name}`));
  return () => ({ compress, decompress });
}

const unzstd = promisify(zstdDecompress);

/** Teaches kafkajs, which knows gzip, to read what Kafka's producers compress with. */
export function teachCodecs(): void {
  const { CompressionCodecs, CompressionTypes } = kafkajs;
  CompressionCodecs[CompressionTypes.Snappy] = reading('snappy', (bytes) => Promise.resolve(unsnap(bytes)));
  CompressionCodecs[CompressionTypes.LZ4] = reading('lz4', (bytes) => Promise.resolve(unlz4(bytes)));
  CompressionCodecs[CompressionTypes.ZSTD] = reading('zstd', async (bytes) => unzstd(bytes));
}
