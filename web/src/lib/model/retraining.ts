import type { ModelListing } from '@datacraft/shared';

/** Where it is said what trains a model again: its drift and a steady pace are offered first, of forecasts the pace. */
export function retrainingPath({ name, task }: Pick<ModelListing, 'name' | 'task'>, notebookId: string): string {
  const offers = task === 'forecast' ? 'edit=steady' : `model=${encodeURIComponent(name)}`;
  return `/pipelines/${notebookId}?${offers}`;
}
