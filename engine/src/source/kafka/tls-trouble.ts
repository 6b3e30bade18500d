import type { Said } from '@datacraft/shared';
import { asSaid, say } from '@datacraft/shared';

export interface Why {
  readonly reason: Said | string;
  readonly advice: Said;
}

/** What can be between a client and a broker that speak TLS, by what OpenSSL and Node say of it. */
export const TLS_TROUBLE: readonly { readonly is: RegExp; why(detail: string): Why }[] = [
  {
    is: /self[- ]signed certificate|unable to (get|verify)|SELF_SIGNED_CERT|UNABLE_TO_/,
    why: (detail) => ({
      reason: say('the certificate of the broker is signed by a CA that is not known here ({detail})', { detail }),
      advice: asSaid('give the CA: ca: of the connection, or of tls: in the cell'),
    }),
  },
  {
    is: /altnames|ALTNAME_INVALID/,
    why: (detail) => ({
      reason: say('the certificate of the broker is for another host ({detail})', { detail }),
      advice: asSaid('write in brokers: the name that the certificate has, or have it made for this one'),
    }),
  },
  {
    is: /certificate has expired|CERT_HAS_EXPIRED/,
    why: () => ({
      reason: asSaid('the certificate of the broker has expired'),
      advice: asSaid('whoever runs the broker has to renew it'),
    }),
  },
  {
    is: /certificate[_ ]required|CERTIFICATE_REQUIRED/i,
    why: () => ({
      reason: asSaid('the broker wants a client certificate'),
      advice: asSaid('give certificate: and key: of the connection, or of tls: in the cell'),
    }),
  },
  {
    is: /alert (unknown ca|bad certificate|certificate (unknown|expired|revoked)|unsupported certificate|access denied)|ALERT_(UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_)/i,
    why: (detail) => ({
      reason: say('the broker refuses the client certificate, or misses one ({detail})', { detail }),
      advice: asSaid('give a certificate: and its key: that a CA signed which the broker trusts'),
    }),
  },
  {
    is: /wrong version number|WRONG_VERSION_NUMBER|before secure TLS connection was established|packet length too long/,
    why: () => ({
      reason: asSaid('the broker speaks no TLS at this port'),
      advice: asSaid('name the port where it does in brokers:, or turn the encryption off'),
    }),
  },
];
