import type { Logger } from 'pino';
import { destination, pino } from 'pino';
import type { Config } from './config.ts';

/** To stderr: stdout belongs to what commands answer. */
export function createLog(level: Config['logLevel']): Logger {
  return pino(
    {
      level,
      base: null,
      redact: {
        paths: [
          'password',
          'token',
          'authorization',
          'cookie',
          '*.password',
          '*.token',
          '*.authorization',
          '*.cookie',
          '*.secretKey',
        ],
        censor: '[redacted]',
      },
    },
    destination({ fd: 2, sync: true }),
  );
}
