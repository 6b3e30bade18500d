import { z } from '@hono/zod-openapi';
import { checkRequest, refuseOtherThanCondition } from '@datacraft/engine';
import type { Notebook, RunRequest } from '@datacraft/shared';
import { Fault, parseEnvironment, say } from '@datacraft/shared';
import type { ServerEngine } from '../engine.ts';
import { NotebookInvalid } from '../middleware/notebook-invalid.ts';
import { paramsSchema } from './params.ts';

/** What a run, or a plan of one, is asked with. */
export const requestSchema = z.strictObject({
  params: paramsSchema.optional(),
  env: z
    .string()
    .max(64)
    .optional()
    .openapi({ description: 'The named environment to run in, made when it is not there; production is not written' }),
  select: z.array(z.string().max(200)).max(500).optional(),
  fullRefresh: z.boolean().optional(),
  replay: z
    .array(z.string().max(200))
    .max(500)
    .optional()
    .openapi({ description: 'Cells whose set-aside rows are judged again: those that pass now land, once' }),
  replayWhere: z
    .string()
    .min(1)
    .max(4_000)
    .optional()
    .openapi({ description: 'With `replay`, an SQL condition over set-aside rows (`_rule`, `_run_id`): only those' }),
  planId: z
    .string()
    .max(100)
    .optional()
    .openapi({ description: 'Of `POST …/plan`: do exactly that, or answer `conflict`' }),
});

export function bodyOf(body: z.infer<typeof requestSchema> | undefined): RunRequest {
  const { params, env, select, fullRefresh, planId, replay, replayWhere } = body ?? {};
  return {
    ...(env === undefined ? {} : { env: parseEnvironment(env) }),
    ...(params ? { params } : {}),
    ...(select && select.length > 0 ? { select } : replay ? { select: replay } : {}),
    ...(replay && replay.length > 0 ? { replay } : {}),
    ...(replayWhere === undefined ? {} : { replayWhere }),
    ...(fullRefresh === undefined ? {} : { fullRefresh }),
    ...(planId === undefined ? {} : { planId }),
  };
}

/** What no run could do is refused before one is recorded. */
export async function refuseImpossible(notebook: Notebook, request: RunRequest, engine: ServerEngine): Promise<void> {
  const { graph, diagnostics } = await engine.compile(notebook);
  const { params = {}, select, replay } = request;
  const options = {
    params,
    ...(select === undefined ? {} : { select }),
    ...(replay === undefined ? {} : { replay }),
  };
  await refuseOddCondition(request, engine);
  const broken = checkRequest(graph, options, engine.run.now().toISOString().slice(0, 10));
  if (broken.length === 0) return;
  throw new NotebookInvalid(`${broken.join(', ')} cannot run: mend the errors in the text first`, diagnostics);
}

async function refuseOddCondition({ replay, replayWhere }: RunRequest, { run }: ServerEngine): Promise<void> {
  if (replayWhere === undefined) return;
  if (replay === undefined)
    throw new Fault('bad-request', say('{key} needs {other}: name the cells', { key: 'replayWhere', other: 'replay' }));
  await refuseOtherThanCondition(replayWhere, (sql) => run.duck.parse(sql));
}
