import { say } from '@datacraft/shared';
import { SCORE, seeDrift } from '../../pipeline/see-drift.ts';
import type { Rule } from '../rules.ts';
import type { Observation } from '../transition.ts';
import type { World } from './world.ts';

/** A model whose latest predictions lie elsewhere than what its champion learned from. */
export async function seeModelDrift({ config }: Rule, { engine, scorers }: World): Promise<Observation[]> {
  const { model = '', notebook = null } = config;
  const { version, drifted } = await seeDrift(engine, scorers, notebook, config);
  if (drifted.length === 0) return [];
  return [
    {
      key: model,
      cause: `drift:${model}`,
      title: say('{model} drifts', { model }),
      summary: say('what version {version} of {model} is asked lies elsewhere than what it learned from: {drifted}', {
        version,
        model,
        drifted: { list: drifted.map((each) => (each === SCORE ? say('its scores') : each)), by: 'and' },
      }),
      facts: { value: version, ...(notebook === null ? {} : { notebookId: notebook }) },
      link: `/models/${encodeURIComponent(model)}`,
    },
  ];
}
