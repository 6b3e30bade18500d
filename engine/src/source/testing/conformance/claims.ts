/** What each kind of source is held to by `conforms`. */
export interface Claims {
  readonly type: string;
  /**
   * What came later is added to the table, or the table is made anew of all there is, or of the rows there were and the
   * changes to them.
   */
  readonly later: 'added' | 'made anew';
  /** `incremental:` is a key of it, or is refused where it is written. */
  readonly incremental: 'a key' | 'refused';
  /** What holds one bad row: its good rows are kept beside the rejects, or it is refused whole, as its words say. */
  readonly bad: 'set aside' | { readonly refused: RegExp };
  /** Where nobody else writes, a run that began may be stopped by whoever started it while the other side is asked. */
  readonly asks: boolean;
  /** Of what it says how much it has read: rows that come one by one, or bytes of files, and of how many. */
  readonly told: 'rows' | 'bytes';
}

const file = { later: 'made anew', incremental: 'refused', bad: 'set aside', asks: false, told: 'bytes' } as const;
const log = { later: 'added', incremental: 'refused', bad: 'set aside', asks: true, told: 'rows' } as const;

/** Every kind of source that reads something real; `simulator` and `table` read nothing from outside. */
export const claims = {
  csv: { type: 'csv', ...file },
  json: { type: 'json', ...file },
  parquet: { type: 'parquet', ...file },
  avro: { type: 'avro', ...file },
  excel: { type: 'excel', ...file },
  http: { ...file, type: 'http', incremental: 'a key', asks: true, told: 'rows' },
  'http by cursor': { ...log, type: 'http', incremental: 'a key' },
  webhook: { type: 'webhook', ...log },
  postgres: { ...file, type: 'postgres', incremental: 'a key', asks: true, told: 'rows' },
  'postgres by cursor': { ...log, type: 'postgres', incremental: 'a key' },
  'postgres by a query': { ...log, type: 'postgres', incremental: 'a key' },
  'postgres by its log': {
    type: 'postgres',
    later: 'made anew',
    incremental: 'refused',
    bad: { refused: /mode cdc follows a whole table, row by row; leave rejects out/ },
    asks: true,
    told: 'rows',
  },
  mysql: { ...file, type: 'mysql', incremental: 'a key', asks: true, told: 'rows' },
  'mysql by cursor': { ...log, type: 'mysql', incremental: 'a key' },
  s3: { type: 's3', ...log, told: 'bytes' },
  kafka: { type: 'kafka', ...log },
  kinesis: { type: 'kinesis', ...log },
} satisfies Readonly<Record<string, Claims>>;

export type KindName = keyof typeof claims;
