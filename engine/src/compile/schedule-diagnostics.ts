import type { Diagnostic, Notebook, Words } from '@datacraft/shared';
import { isFault, say, validateMeta, worded } from '@datacraft/shared';
import { readCron } from '../schedule/cron.ts';
import { spanMs } from '../schedule/span.ts';

/** What the keys' own rules cannot say of a schedule: whether its times can be understood, and ever come. */
export function scheduleDiagnostics({ meta }: Pick<Notebook, 'meta'>): Diagnostic[] {
  const { schedule } = meta;
  if (schedule === undefined || schedule === null) return [];
  const { spec, issues } = validateMeta({ schedule });
  const read = spec?.schedule;
  if (issues.length > 0 || read === undefined) return [];
  return [
    ...(read.cron === undefined ? [] : refused('cron', read.cron, (text) => neverDue(text))),
    ...(read.every === undefined ? [] : refused('every', read.every, (text) => void spanMs(text))),
    ...(read.timeout === undefined ? [] : refused('timeout', read.timeout, (text) => void spanMs(text))),
  ];
}

/** Any time serves: what a cron expression can never hit, such as 30 February, it never hits. */
function neverDue(text: string): Words | void {
  if (readCron(text).nextAfter(0) === null) return say('"{text}" is never due: correct its day and month', { text });
}

function refused(key: string, text: string, read: (text: string) => Words | void): Diagnostic[] {
  const message = messageOf(() => read(text));
  if (message === null) return [];
  const place = { cell: null, cellId: null, part: 'notebook', line: 1, column: 1, path: ['schedule', key] } as const;
  return [{ severity: 'error', code: 'bad-value', ...worded(message), ...place }];
}

function messageOf(read: () => Words | void): Words | null {
  try {
    return read() ?? null;
  } catch (error) {
    if (isFault(error, 'bad-request')) return error.words;
    throw error;
  }
}
