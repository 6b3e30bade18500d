import { access } from './access.ts';
import { compile } from './compile.ts';
import { format } from './format.ts';
import { keys } from './keys.ts';
import { mail } from './mail.ts';
import { model } from './model.ts';
import { registry } from './registry.ts';
import { report } from './report.ts';
import { run } from './run.ts';
import { schedule } from './schedule.ts';
import { source } from './source.ts';
import { stream } from './stream.ts';
import { together } from './together.ts';

/** Sentences that the server says, by their English. */
export const portuguese = {
  ...access,
  ...compile,
  ...format,
  ...keys,
  ...mail,
  ...model,
  ...registry,
  ...report,
  ...run,
  ...schedule,
  ...source,
  ...stream,
  ...together,
};

export type Sentence = keyof typeof portuguese;
