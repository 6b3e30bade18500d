export type AuditAction =
  | 'signup'
  | 'login'
  | 'login-failed'
  | 'logout'
  | 'password-change'
  | 'invite'
  | 'invitation-revoke'
  | 'role-change'
  | 'user-disable'
  | 'user-enable'
  | 'token-create'
  | 'token-change'
  | 'token-revoke'
  | 'notebook-create'
  | 'notebook-delete'
  | 'notebook-restore'
  | 'branch-create'
  | 'branch-rename'
  | 'branch-ask'
  | 'branch-accept'
  | 'branch-update'
  | 'branch-discard'
  | 'environment-drop'
  | 'environment-promote'
  | 'version-restore'
  | 'notebook-import'
  | 'notebook-export'
  | 'file-upload'
  | 'run-start'
  | 'run-cancel'
  | 'table-rollback'
  | 'table-tag'
  | 'table-untag'
  | 'table-retention'
  | 'table-maintain'
  | 'model-promote'
  | 'model-rollout'
  | 'model-rollout-end'
  | 'secret-bind'
  | 'connection-set'
  | 'connection-delete'
  | 'mail-send'
  | 'secret-set'
  | 'secret-delete'
  | 'dashboard-publish'
  | 'dashboard-unpublish'
  | 'sync-refused'
  | 'schedule-change'
  | 'schedule-pause'
  | 'schedule-resume'
  | 'trigger-add'
  | 'trigger-remove'
  | 'backfill-start'
  | 'stream-start'
  | 'stream-pause'
  | 'stream-resume'
  | 'stream-replay'
  | 'stream-seek'
  | 'stream-fixture'
  | 'stream-produce'
  | 'schema-register'
  | 'schema-delete'
  | 'schema-rule'
  | 'backfill-pause'
  | 'backfill-resume'
  | 'backfill-cancel'
  | 'notebook-access'
  | 'notebook-grant'
  | 'notebook-link'
  | 'notebook-link-revoke'
  | 'group-create'
  | 'group-remove'
  | 'group-members'
  | 'alert-rule-add'
  | 'alert-rule-change'
  | 'alert-rule-remove'
  | 'alert-channel-add'
  | 'alert-channel-remove'
  | 'alert-channel-test'
  | 'alert-acknowledge'
  | 'alert-silence'
  | 'alert-silence-end';

/** A pool, or the transaction of what was done. */
interface Written {
  query(text: string, values: unknown[]): Promise<unknown>;
}

/** Who did what, for the people who answer for the workspace. Never holds a secret. */
export async function audit(
  db: Written,
  userId: string | null,
  action: AuditAction,
  target: string | null = null,
  facts: Readonly<Record<string, string | number | boolean>> = {},
): Promise<void> {
  await db.query('insert into audit_entries (user_id, action, target, facts) values ($1, $2, $3, $4)', [
    userId,
    action,
    target,
    JSON.stringify(facts),
  ]);
}
