import { z } from 'zod';
import { count, word } from './schema-parts.ts';

const size = z.int().min(1, 'expected at least 1');

const pagination = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('link') }),
  z.strictObject({
    type: z.literal('page'),
    param: word.exactOptional(),
    size: size.exactOptional(),
    size_param: word.exactOptional(),
    start: count.exactOptional(),
  }),
  z.strictObject({
    type: z.literal('offset'),
    param: word.exactOptional(),
    limit: size.exactOptional(),
    limit_param: word.exactOptional(),
  }),
  z.strictObject({ type: z.literal('cursor'), param: word.exactOptional(), path: word.exactOptional() }),
]);

const auth = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('none') }),
  z.strictObject({ type: z.literal('basic'), username: word, password: word }),
  z.strictObject({ type: z.literal('bearer'), token: word }),
  z.strictObject({
    type: z.literal('api_key'),
    key: word,
    name: word.exactOptional(),
    in: z.enum(['header', 'query']).exactOptional(),
  }),
  z.strictObject({
    type: z.literal('oauth2'),
    token_url: word,
    client_id: word,
    client_secret: word,
    scope: word.exactOptional(),
  }),
]);

const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** The keys of `http` sources, in canonical order. */
export const httpKeys = {
  url: word,
  method: z.enum(['GET', 'POST']).exactOptional(),
  headers: z.record(word, z.string()).exactOptional(),
  params: z.record(word, scalar).exactOptional(),
  body: z.record(word, z.json()).exactOptional(),
  pagination: pagination.exactOptional(),
  records: word.exactOptional(),
  auth: auth.exactOptional(),
  incremental: z
    .strictObject({
      cursor: word,
      param: word.exactOptional(),
      start: z.union([z.string(), z.number()]).exactOptional(),
    })
    .exactOptional(),
};
