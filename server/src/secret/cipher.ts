import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { Fault, say } from '@datacraft/shared';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM. The name is authenticated with the value, so that one stored secret cannot stand in for another. */
export interface Cipher {
  encrypt(name: string, value: string): Buffer;
  /** Throws `config-invalid` when the key is not the one it was encrypted with. */
  decrypt(name: string, stored: Buffer): string;
}

export function createCipher(key: string): Cipher {
  const derived = Buffer.from(hkdfSync('sha256', key, '', 'datacraft secrets', 32));
  return {
    encrypt(name, value) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', derived, nonce).setAAD(Buffer.from(name));
      const body = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]);
    },
    decrypt(name, stored) {
      try {
        const decipher = createDecipheriv('aes-256-gcm', derived, stored.subarray(0, NONCE_BYTES))
          .setAAD(Buffer.from(name))
          .setAuthTag(stored.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
        return Buffer.concat([decipher.update(stored.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString(
          'utf8',
        );
      } catch (error) {
        throw new Fault(
          'config-invalid',
          say(
            'the secret {name} was stored with another key; give DATACRAFT_SECRET_KEY (or secret.key) of then, or set the secret anew',
            { name },
          ),
          {},
          { cause: error },
        );
      }
    },
  };
}
