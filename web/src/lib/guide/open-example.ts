import { api } from '#lib/api/index.ts';
import { beginGuide } from './guide.svelte.ts';

/** Makes the example and says where it is; it opens with its tour. */
export async function makeExample(): Promise<string> {
  const { id } = await api.createExample();
  beginGuide(id);
  return `/notebooks/${id}`;
}
