import type pg from 'pg';

/** One entry as owners see it. */
export interface ListedEntry {
  readonly seq: string;
  readonly at: string;
  /** Null for commands and for strangers. */
  readonly by: string | null;
  readonly action: string;
  readonly target: string | null;
  readonly facts: Readonly<Record<string, string | number | boolean>>;
}

export interface AuditQuery {
  /** Entries before this number. */
  readonly before?: string | undefined;
  /** Part of a name or an address; `command line` for what commands did, `promotion rule` for what rules of models did. */
  readonly who?: string | undefined;
  /** Part of the action, of what it was done to, or of its facts. */
  readonly what?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly limit: number;
}

/** Of facts of a command: `{ via: COMMAND_LINE }`. */
export const COMMAND_LINE = 'command line';

/** Newest first. */
export async function listAudit(db: Pick<pg.Pool, 'query'>, asked: AuditQuery): Promise<ListedEntry[]> {
  const { before, who, what, from, to, limit } = asked;
  const { rows } = await db.query<Omit<ListedEntry, 'at'> & { at: Date }>(
    `select a.seq::text, a.at, coalesce(u.name, a.actor) as by, a.action, a.target, a.facts
       from audit_entries a left join users u on u.id = a.actor
      where ($1::bigint is null or a.seq < $1)
        and ($2::text is null
             or position(lower($2) in lower(concat_ws(' ', u.name, u.email, a.actor, a.facts ->> 'via'))) > 0)
        and ($3::text is null
             or position(lower($3) in lower(concat_ws(' ', a.action, replace(a.action, '-', ' '), a.target, a.facts::text))) > 0)
        and ($4::timestamptz is null or a.at >= $4) and ($5::timestamptz is null or a.at < $5)
      order by a.seq desc limit $6`,
    [before ?? null, who ?? null, what ?? null, from ?? null, to ?? null, limit],
  );
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}
