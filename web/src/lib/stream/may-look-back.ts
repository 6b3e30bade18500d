import type { CellModel } from '#lib/cell/cell-model.svelte.ts';
import type { NotebookSession } from '#lib/notebook/session.svelte.ts';

/** Whether commits of a stream write the table of a cell: its own when it is a source, else that of one it is made of. */
export function mayLookBack({ streams, live }: NotebookSession, { kind, config, name }: CellModel): boolean {
  if (streams.list.length === 0) return false;
  if (kind === 'source') return streams.of(name) !== null;
  return config['refresh'] === 'streaming' && sourcesOf(name, live.byName).some((above) => streams.of(above) !== null);
}

export function sourcesOf(
  name: string,
  known: ReadonlyMap<string, { readonly dependsOn: readonly string[] }>,
): string[] {
  const seen = new Set([name]);
  for (const each of seen) for (const above of known.get(each)?.dependsOn ?? []) seen.add(above);
  return [...seen];
}
