import type { InvitationSummary, Role } from '@datacraft/shared';
import { Fault, newId, say } from '@datacraft/shared';
import type pg from 'pg';
import { audit } from './audit.ts';
import type { Principal } from './principal.ts';
import { atLeast, demandRole } from './principal.ts';
import { hashToken, newSecretToken } from './secret-token.ts';

const VALID_DAYS = 7;

/** Editors invite up to their own role; owners invite anybody. The token is shown once. */
export async function invite(pool: pg.Pool, by: Principal, email: string, role: Role): Promise<string> {
  demandRole(by, 'editor');
  if (!atLeast(by.role, role))
    throw new Fault('forbidden', say('only an owner may invite an {role}; your role is {own}', { role, own: by.role }));
  const known = await pool.query('select 1 from users where lower(email) = lower($1)', [email]);
  if (known.rowCount !== 0)
    throw new Fault('conflict', 'this person has an account already; change the role under people instead');
  const { token, hash } = newSecretToken('inv');
  await pool.query(
    `insert into invitations (id, token_hash, email, role, invited_by, expires_at)
     values ($1, $2, $3, $4, $5, now() + $6 * interval '1 day')`,
    [newId('inv'), hash, email, role, by.userId, VALID_DAYS],
  );
  await audit(pool, by.userId, 'invite', email, { role });
  return token;
}

export async function listInvitations(pool: pg.Pool): Promise<InvitationSummary[]> {
  const { rows } = await pool.query<{ id: string; email: string; role: Role; created_at: Date; expires_at: Date }>(
    'select id, email, role, created_at, expires_at from invitations where accepted_at is null and expires_at > now() order by created_at desc',
  );
  return rows.map((row) => ({
    id: row.id,
    email: row.email,
    role: row.role,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
  }));
}

export async function revokeInvitation(pool: pg.Pool, by: Principal, id: string): Promise<void> {
  const { rowCount } = await pool.query('delete from invitations where id = $1 and accepted_at is null', [id]);
  if (rowCount === 0) throw new Fault('not-found', 'there is no open invitation with this id');
  await audit(pool, by.userId, 'invitation-revoke', id);
}

/** What the guest's sign-up page shows. */
export async function lookUpInvitation(
  pool: pg.Pool,
  token: string,
): Promise<{ email: string; role: Role; invitedBy: string; expiresAt: string }> {
  const { rows } = await pool.query<{ email: string; role: Role; invited_by: string; expires_at: Date }>(
    `select i.email, i.role, u.name as invited_by, i.expires_at from invitations i join users u on u.id = i.invited_by
      where i.token_hash = $1 and i.accepted_at is null and i.expires_at > now()`,
    [hashToken(token)],
  );
  const [row] = rows;
  if (!row) throw new Fault('not-found', 'this invitation was used, revoked or is over; ask for a new one');
  return { email: row.email, role: row.role, invitedBy: row.invited_by, expiresAt: row.expires_at.toISOString() };
}
