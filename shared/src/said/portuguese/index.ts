import { access } from './access.ts';
import { alert } from './alert.ts';
import { compile } from './compile.ts';
import { format } from './format.ts';
import { interchange } from './interchange.ts';
import { keys } from './keys.ts';
import { mail } from './mail.ts';
import { model } from './model.ts';
import { modelNote } from './model-note.ts';
import { reason } from './reason.ts';
import { registry } from './registry.ts';
import { remote } from './remote.ts';
import { report } from './report.ts';
import { request } from './request.ts';
import { run } from './run.ts';
import { schedule } from './schedule.ts';
import { source } from './source.ts';
import { stream } from './stream.ts';
import { streaming } from './streaming.ts';
import { table } from './table.ts';
import { target } from './target.ts';
import { together } from './together.ts';
import { warning } from './warning.ts';

/** Sentences that the server says, by their English. */
export const portuguese = {
  ...access,
  ...alert,
  ...compile,
  ...format,
  ...interchange,
  ...keys,
  ...mail,
  ...model,
  ...modelNote,
  ...reason,
  ...registry,
  ...remote,
  ...report,
  ...request,
  ...run,
  ...schedule,
  ...source,
  ...stream,
  ...streaming,
  ...table,
  ...target,
  ...together,
  ...warning,
};

export type Sentence = keyof typeof portuguese;
/** Why a row was set aside: the ones that are found again in a text. */
export type Reason = keyof typeof reason;
export { reason };
