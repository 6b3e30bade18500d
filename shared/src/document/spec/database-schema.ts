import { z } from 'zod';
import { span, word } from './schema-parts.ts';

const name = z.string().regex(/^[a-z0-9_]{1,63}$/, 'expected a name of lower-case letters, digits and _');

/** What `postgres` sources have beside. */
export const followingKeys = {
  mode: z.enum(['full', 'cdc']).exactOptional(),
  slot: name.exactOptional(),
  publication: word.exactOptional(),
};

/** The keys of `postgres` and `mysql` sources, in canonical order. */
export const databaseKeys = {
  connection: word.exactOptional(),
  url: word.exactOptional(),
  host: word.exactOptional(),
  port: z.int().min(1).max(65535, 'expected a port from 1 to 65535').exactOptional(),
  database: word.exactOptional(),
  user: word.exactOptional(),
  password: word.exactOptional(),
  sslmode: z.enum(['disable', 'prefer', 'require', 'verify-full']).exactOptional(),
  table: word.exactOptional(),
  query: word.exactOptional(),
  incremental: z
    .strictObject({
      cursor: word,
      start: z.union([z.string(), z.number()]).exactOptional(),
      overlap: z.union([span, z.number().min(0)]).exactOptional(),
    })
    .exactOptional(),
};
