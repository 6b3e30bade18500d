/**
 * Channels as they are kept. Addresses that hold tokens, passwords and keys are encrypted as secrets are; what people see
 * of a channel is its recipients and its host.
 */
import { randomBytes } from 'node:crypto';
import type { Queryable } from '@datacraft/engine';
import type { AlertChannel, AlertChannelKind } from '@datacraft/shared';
import { Fault, newId, say } from '@datacraft/shared';
import { z } from 'zod';
import type { Cipher } from '../../secret/cipher.ts';

const text = z.string().min(1).max(1_000);
const url = z
  .string()
  .max(2_000)
  .regex(/^https?:\/\//, 'expected an address that begins with https://');
/** A line break would add headers to a mail. */
const mailbox = z
  .string()
  .max(320)
  .regex(/^[^\s@,;<>]+@[^\s@,;<>]+$/, 'expected an address such as ana@example.com');

/** What its messages are written in. */
const language = z.enum(['en', 'pt']).optional();

const email = z.strictObject({
  kind: z.literal('email'),
  host: text,
  port: z.int().min(1).max(65_535),
  security: z.enum(['tls', 'starttls', 'none']).default('starttls'),
  from: mailbox,
  to: z.array(mailbox).min(1).max(50),
  username: text.optional(),
  password: text.optional(),
  language,
});
const webhook = z.strictObject({
  kind: z.literal('webhook'),
  url,
  signingKey: z.string().min(16).max(500).optional(),
  language,
});
const slack = z.strictObject({ kind: z.literal('slack'), url, language });
const alertmanager = z.strictObject({ kind: z.literal('alertmanager'), url, token: text.optional(), language });

export const targetSchema = z.discriminatedUnion('kind', [email, webhook, slack, alertmanager]);
export type Target = z.infer<typeof targetSchema>;

export interface NewChannel {
  readonly name: string;
  readonly target: Target;
}

interface Row {
  id: string;
  name: string;
  kind: AlertChannelKind;
  config: Record<string, string>;
  sealed: Buffer;
  lastSentAt: Date | null;
  lastError: string | null;
}

const COLUMNS = `id, name, kind, config, sealed, last_sent_at as "lastSentAt", last_error as "lastError"`;

export async function listChannels(db: Queryable): Promise<AlertChannel[]> {
  const { rows } = await db.query<Row>(`select ${COLUMNS} from alert_channels order by name`);
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    kind: row.kind,
    shown: row.config,
    lastSentAt: row.lastSentAt?.toISOString() ?? null,
    lastError: row.lastError,
  }));
}

/** A webhook without a key gets one, answered once. */
export async function addChannel(
  db: Queryable,
  { name, target }: NewChannel,
  cipher: Cipher,
  by: string | null,
): Promise<{ readonly id: string; readonly signingKey: string | null }> {
  const id = newId<string>('chn');
  const made =
    target.kind === 'webhook' && target.signingKey === undefined ? randomBytes(24).toString('base64url') : null;
  const whole = made === null ? target : { ...target, signingKey: made };
  const { rowCount } = await db.query(
    `insert into alert_channels (id, name, kind, config, sealed, created_by) values ($1, $2, $3, $4, $5, $6)
     on conflict (name) do nothing`,
    [id, name, target.kind, JSON.stringify(shownOf(target)), cipher.encrypt(id, JSON.stringify(whole)), by],
  );
  if (rowCount !== 1)
    throw new Fault('conflict', say('there is a channel {name} already; give this one another name', { name }));
  return { id, signingKey: made };
}

function shownOf(target: Target): Record<string, string> {
  if (target.kind === 'email')
    return { to: target.to.join(', '), host: `${target.host}:${target.port}`, from: target.from };
  return { host: URL.parse(target.url)?.host ?? '' };
}

/** False when there is none. Rules no longer name it. */
export async function removeChannel(db: Queryable, id: string): Promise<boolean> {
  await db.query(
    `update alert_rules set channels = array_remove(channels, $1), escalate_channels = array_remove(escalate_channels, $1)`,
    [id],
  );
  return (await db.query('delete from alert_channels where id = $1', [id])).rowCount === 1;
}

/** Throws `not-found`. */
export async function openChannel(db: Queryable, id: string, cipher: Cipher): Promise<Target> {
  const { rows } = await db.query<Row>(`select ${COLUMNS} from alert_channels where id = $1`, [id]);
  const [row] = rows;
  if (!row) throw new Fault('not-found', say('there is no channel {id}', { id }));
  return targetSchema.parse(JSON.parse(cipher.decrypt(row.id, row.sealed)));
}

export async function noteSent(db: Queryable, id: string, error: string | null): Promise<void> {
  await db.query(
    `update alert_channels set last_error = $2, last_sent_at = case when $2::text is null then now() else last_sent_at end where id = $1`,
    [id, error],
  );
}
