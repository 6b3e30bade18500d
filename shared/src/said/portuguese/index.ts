import { compile } from './compile.ts';
import { format } from './format.ts';
import { keys } from './keys.ts';
import { run } from './run.ts';
import { schedule } from './schedule.ts';

/** Sentences that the server says, by their English. */
export const portuguese = { ...compile, ...format, ...keys, ...run, ...schedule };

export type Sentence = keyof typeof portuguese;
