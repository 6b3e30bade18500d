import { hash, verify } from '@node-rs/argon2';
import { Fault, say } from '@datacraft/shared';

/** argon2id with OWASP's first choice of cost. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const MIN_LENGTH = 8;
const MAX_LENGTH = 256;

export function hashPassword(password: string): Promise<string> {
  if (password.length < MIN_LENGTH || password.length > MAX_LENGTH) {
    throw new Fault(
      'bad-request',
      say('password: expected {MIN_LENGTH} to {MAX_LENGTH} characters, got {length}', {
        MIN_LENGTH,
        MAX_LENGTH,
        length: password.length,
      }),
    );
  }
  return hash(password, cost);
}

let decoy: Promise<string> | null = null;

/** Takes as long for an account that does not exist (`passwordHash` null) as for one that does. */
export async function passwordMatches(passwordHash: string | null, password: string): Promise<boolean> {
  decoy ??= hash('nobody has this password', cost);
  const matches = await verify(passwordHash ?? (await decoy), password.slice(0, MAX_LENGTH + 1), cost);
  return passwordHash !== null && matches;
}
