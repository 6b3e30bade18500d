/** The chain of the audit: reading it, and proving that nobody changed it. */
import { createHash } from 'node:crypto';
import type pg from 'pg';

/** One entry as it is hashed and exported: texts as PostgreSQL writes them. */
export interface AuditEntry {
  readonly seq: string;
  /** Seconds since 1970, to the microsecond. */
  readonly at: string;
  readonly actor: string | null;
  readonly action: string;
  readonly target: string | null;
  /** JSON. */
  readonly facts: string;
  readonly previous: string;
  readonly hash: string;
}

export interface Verdict {
  readonly entries: number;
  /** The hash of the last entry: note it elsewhere, and a chain that was made anew from the start is seen too. */
  readonly head: string;
  /** The first entry that is not as it was written, or null. */
  readonly broken: { readonly seq: string; readonly because: string } | null;
}

type Db = Pick<pg.Pool, 'query'>;

const GENESIS = '00'.repeat(32);
const AT_ONCE = 5_000;
const COLUMNS = `seq::text, extract(epoch from at)::text as at, actor, action, target, facts::text,
  encode(previous, 'hex') as previous, encode(hash, 'hex') as hash`;

/** All entries in their order, without holding them all. */
export async function* readAudit(db: Db, after = '0'): AsyncGenerator<AuditEntry> {
  for (let last = after; ;) {
    const { rows } = await db.query<AuditEntry>(
      `select ${COLUMNS} from audit_entries where seq > $1 order by audit_entries.seq limit ${AT_ONCE}`,
      [last],
    );
    yield* rows;
    if (rows.length < AT_ONCE) return;
    last = rows.at(-1)?.seq ?? last;
  }
}

export function hashOf(previous: string, { seq, at, actor, action, target, facts }: Omit<AuditEntry, 'hash'>): string {
  const field = (value: string | null) => (value === null ? '-' : `${Buffer.byteLength(value)}:${value}`);
  const text = [seq, at, actor, action, target, facts].map(field).join('');
  return createHash('sha256').update(Buffer.from(previous, 'hex')).update(text).digest('hex');
}

/** Entries of the database or of an export. */
export async function verifyChain(entries: AsyncIterable<AuditEntry>): Promise<Verdict> {
  let head = GENESIS;
  let count = 0;
  for await (const entry of entries) {
    const broken = faultOf(entry, head, count + 1);
    if (broken !== null) return { entries: count, head, broken: { seq: entry.seq, because: broken } };
    head = entry.hash;
    count += 1;
  }
  return { entries: count, head, broken: null };
}

function faultOf(entry: AuditEntry, head: string, expected: number): string | null {
  if (entry.seq !== String(expected)) return `entry ${expected} is missing`;
  if (entry.previous !== head) return 'it does not follow the entry before it';
  return hashOf(head, entry) === entry.hash ? null : 'it was changed after it was written';
}

/** The chain in the database, and that its end is the end that was noted with the last entry. */
export async function verifyAudit(db: Db): Promise<Verdict> {
  const { rows } = await db.query<{ seq: string; hash: string }>(
    `select seq::text, encode(hash, 'hex') as hash from audit_head`,
  );
  const verdict = await verifyChain(readAudit(db));
  const noted = Number(rows[0]?.seq ?? 0);
  if (verdict.broken !== null || verdict.entries >= noted) return verdict;
  return {
    ...verdict,
    broken: { seq: String(verdict.entries + 1), because: `entries up to ${noted} were removed from the end` },
  };
}
