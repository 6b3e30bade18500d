import { access } from './access.ts';
import { compile } from './compile.ts';
import { format } from './format.ts';
import { keys } from './keys.ts';
import { mail } from './mail.ts';
import { model } from './model.ts';
import { run } from './run.ts';
import { schedule } from './schedule.ts';
import { source } from './source.ts';
import { together } from './together.ts';

/** Sentences that the server says, by their English. */
export const portuguese = {
  ...access,
  ...compile,
  ...format,
  ...keys,
  ...mail,
  ...model,
  ...run,
  ...schedule,
  ...source,
  ...together,
};

export type Sentence = keyof typeof portuguese;
