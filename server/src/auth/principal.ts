import type { Role, TokenLimits, UserId } from '@datacraft/shared';
import { Fault, roles, say } from '@datacraft/shared';

/** Who asks. */
export interface Principal {
  readonly userId: UserId;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly locale: 'en' | 'pt-BR';
  readonly via: 'session' | 'token' | 'link';
  /** Of the session or the API token. */
  readonly credentialId: string;
  /** Of a read-only link: the one notebook it shows, to a guest alone or to somebody with an account beside the others. */
  readonly notebookId?: string;
  /** Of an API token. */
  readonly limits?: TokenLimits;
}

export function atLeast(role: Role, needed: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed);
}

/** Throws `unauthenticated` or `forbidden`. */
export function demandRole(principal: Principal | null, needed: Role): Principal {
  if (!principal)
    throw new Fault('unauthenticated', 'sign in first: no valid session or API token came with the request');
  if (!atLeast(principal.role, needed)) {
    throw new Fault(
      'forbidden',
      say('this needs the role {needed} or higher; yours is {role}. Ask an owner of the workspace', {
        needed,
        role: principal.role,
      }),
    );
  }
  return principal;
}
