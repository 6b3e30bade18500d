import { access } from './access.ts';
import { compile } from './compile.ts';
import { format } from './format.ts';
import { keys } from './keys.ts';
import { run } from './run.ts';
import { schedule } from './schedule.ts';
import { source } from './source.ts';

/** Sentences that the server says, by their English. */
export const portuguese = { ...access, ...compile, ...format, ...keys, ...run, ...schedule, ...source };

export type Sentence = keyof typeof portuguese;
