import type { S3Source, objectFormats } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';

const ENDINGS: readonly (readonly [RegExp, (typeof objectFormats)[number]])[] = [
  [/\.(csv|tsv|txt)(\.gz)?$/i, 'csv'],
  [/\.(json|ndjson|jsonl)(\.gz)?$/i, 'json'],
  [/\.(parquet|pq)$/i, 'parquet'],
  [/\.avro$/i, 'avro'],
];

/** What the cell says, else what the first name with a known ending says. */
export function formatOf(spec: S3Source, names: readonly string[]): (typeof objectFormats)[number] {
  if (spec.format !== undefined) return spec.format;
  for (const name of names) {
    const found = ENDINGS.find(([ending]) => ending.test(name));
    if (found) return found[1];
  }
  throw new Fault(
    'bad-request',
    say('what {path} holds cannot be told by its name; write format: csv, json, parquet or avro', { path: spec.path }),
    {
      field: 'format',
    },
  );
}
