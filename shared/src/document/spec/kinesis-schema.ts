import { z } from 'zod';
import { word } from './schema-parts.ts';

/** Keys of a stream's place, in canonical order, before those of every source. */
export const kinesisKeys = {
  stream: word,
  region: word.exactOptional(),
  endpoint: word.exactOptional(),
  access_key: word,
  secret_key: word,
  session_token: word.exactOptional(),
  format: z
    .union([z.enum(['json', 'raw']), z.strictObject({ avro: z.strictObject({ schema: word }) })])
    .exactOptional(),
  start: word.exactOptional(),
};
