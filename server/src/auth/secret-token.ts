import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits for people to carry around; only the hash is stored. */
export function newSecretToken(prefix: 'dc' | 'inv' | 'nl'): { token: string; hash: string } {
  const token = `${prefix}_${randomBytes(32).toString('base64url')}`;
  return { token, hash: hashToken(token) };
}

export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
