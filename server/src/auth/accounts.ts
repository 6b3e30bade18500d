import type { Role, UserId, UserSummary } from '@datacraft/shared';
import { Fault, newId, say } from '@datacraft/shared';
import type pg from 'pg';
import { withTransaction } from '../database/pool.ts';
import { audit } from './audit.ts';
import { hashPassword, passwordMatches } from './password.ts';
import type { Principal } from './principal.ts';
import { hashToken } from './secret-token.ts';

export interface SignUp {
  readonly email: string;
  readonly password: string;
  readonly name: string;
  readonly locale: 'en' | 'pt-BR';
  readonly invitation: string | null;
}

const SIGNUP_LOCK = 7_210_004;
const UNIQUE_VIOLATION = '23505';

export async function needsOwner(pool: pg.Pool): Promise<boolean> {
  const { rowCount } = await pool.query('select 1 from users limit 1');
  return rowCount === 0;
}

/** The first account owns the workspace; later ones spend an invitation. Of two racing firsts one is second. */
export async function signUp(pool: pg.Pool, form: SignUp): Promise<UserId> {
  const passwordHash = await hashPassword(form.password);
  const userId = newId<UserId>('usr');
  try {
    await withTransaction(pool, async (tx) => {
      await tx.query('select pg_advisory_xact_lock($1)', [SIGNUP_LOCK]);
      const { rowCount } = await tx.query('select 1 from users limit 1');
      const role = rowCount === 0 ? 'owner' : await spendInvitation(tx, form);
      await tx.query(
        'insert into users (id, email, name, password_hash, role, locale) values ($1, $2, $3, $4, $5, $6)',
        [userId, form.email, form.name, passwordHash, role, form.locale],
      );
      await audit(tx, userId, 'signup', userId, { role });
    });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === UNIQUE_VIOLATION) {
      throw new Fault('conflict', 'there is an account with this e-mail already; sign in instead');
    }
    throw error;
  }
  return userId;
}

async function spendInvitation(tx: pg.PoolClient, form: SignUp): Promise<Role> {
  if (form.invitation === null) {
    throw new Fault(
      'forbidden',
      'this workspace has an owner already; ask for an invitation and sign up with its link',
    );
  }
  const { rows } = await tx.query<{ role: Role }>(
    `update invitations set accepted_at = now()
      where token_hash = $1 and accepted_at is null and expires_at > now() and lower(email) = lower($2)
      returning role`,
    [hashToken(form.invitation), form.email],
  );
  const [invitation] = rows;
  if (!invitation) {
    throw new Fault(
      'forbidden',
      'this invitation is not valid for this e-mail: it was used, revoked, is over, or was sent to another address; ask for a new one',
    );
  }
  return invitation.role;
}

/** Null whatever the reason, in the same time. */
export async function checkPassword(pool: pg.Pool, email: string, password: string): Promise<UserId | null> {
  const { rows } = await pool.query<{ id: UserId; password_hash: string; disabled_at: Date | null }>(
    'select id, password_hash, disabled_at from users where lower(email) = lower($1)',
    [email],
  );
  const user = rows[0];
  const matches = await passwordMatches(user?.password_hash ?? null, password);
  return matches && user && user.disabled_at === null ? user.id : null;
}

export async function listUsers(pool: pg.Pool): Promise<UserSummary[]> {
  const { rows } = await pool.query<{
    id: string;
    email: string;
    name: string;
    role: Role;
    created_at: Date;
    disabled_at: Date | null;
  }>('select id, email, name, role, created_at, disabled_at from users order by created_at, id');
  return rows.map((row) => ({
    id: row.id,
    email: row.email,
    name: row.name,
    role: row.role,
    createdAt: row.created_at.toISOString(),
    disabledAt: row.disabled_at?.toISOString() ?? null,
  }));
}

export interface UserChange {
  readonly role?: Role | undefined;
  readonly disabled?: boolean | undefined;
}

/** An owner changes somebody; the workspace always keeps one owner who can sign in. */
export async function changeUser(pool: pg.Pool, by: Principal, userId: string, change: UserChange): Promise<void> {
  await withTransaction(pool, async (tx) => {
    await tx.query('select pg_advisory_xact_lock($1)', [SIGNUP_LOCK]);
    const { rowCount } = await tx.query(
      `update users
          set role = coalesce($2, role),
              disabled_at = case when $3::boolean is null then disabled_at when $3 then coalesce(disabled_at, now()) end
        where id = $1`,
      [userId, change.role ?? null, change.disabled ?? null],
    );
    if (rowCount === 0) throw new Fault('not-found', say('there is no user {userId}', { userId }));
    const owners = await tx.query("select 1 from users where role = 'owner' and disabled_at is null limit 1");
    if (owners.rowCount === 0)
      throw new Fault('conflict', 'this is the last owner of the workspace; make somebody else owner first');
    if (change.role !== undefined) await audit(tx, by.userId, 'role-change', userId, { role: change.role });
    if (change.disabled !== undefined)
      await audit(tx, by.userId, change.disabled ? 'user-disable' : 'user-enable', userId);
    if (change.disabled === true) await tx.query('delete from sessions where user_id = $1', [userId]);
  });
}

export interface OwnChange {
  readonly name?: string | undefined;
  readonly locale?: 'en' | 'pt-BR' | undefined;
  readonly password?: string | undefined;
  readonly currentPassword?: string | undefined;
}

/** What people change about themselves; a new password needs the old one. */
export async function changeSelf(pool: pg.Pool, self: Principal, change: OwnChange): Promise<void> {
  let passwordHash: string | null = null;
  if (change.password !== undefined) {
    const known = await checkPassword(pool, self.email, change.currentPassword ?? '');
    if (known === null) throw new Fault('forbidden', 'the current password is not correct; type it again');
    passwordHash = await hashPassword(change.password);
    await audit(pool, self.userId, 'password-change');
  }
  await pool.query(
    'update users set name = coalesce($2, name), locale = coalesce($3, locale), password_hash = coalesce($4, password_hash) where id = $1',
    [self.userId, change.name ?? null, change.locale ?? null, passwordHash],
  );
}
