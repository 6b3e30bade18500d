import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault, say } from '@datacraft/shared';
import type { CompiledCell, Graph } from '../compile/graph.ts';
import { isStored } from '../compile/upstream.ts';
import type { SessionModel } from '../duckdb/session.ts';
import type { Publication } from '../publish/publish.ts';
import type { Queryable } from '../store/database.ts';
import { loadModelBytes } from '../store/models.ts';
import type { PinnedModel } from '../store/pinned-models.ts';

/** Models that a cell's SQL asks, also through cells that are inlined. */
export function modelsAsked(graph: Graph, cell: Pick<CompiledCell, 'models' | 'dependsOn'>): string[] {
  const asked = new Set(cell.models);
  const seen = new Set<string>();
  const todo = [...cell.dependsOn];
  for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
    const upstream = graph.cells.get(name);
    if (upstream === undefined || seen.has(name)) continue;
    seen.add(name);
    if (isStored(upstream)) continue;
    for (const model of upstream.models) asked.add(model);
    todo.push(...upstream.dependsOn);
  }
  return [...asked].sort();
}

interface ModelSource {
  readonly db: Queryable;
  readonly pinned: ReadonlyMap<string, PinnedModel>;
  /** What this run trained, for a model that has no version yet. */
  trained?(name: string): Uint8Array | null;
}

/** Puts the bytes of models where a session finds them. */
export async function sessionModels(
  names: readonly string[],
  { db, pinned, trained }: ModelSource,
  dir: string,
): Promise<SessionModel[]> {
  return Promise.all(
    names.map(async (name) => {
      const version = pinned.get(name)?.version;
      const bytes = version === undefined ? trained?.(name) : await loadModelBytes(db, name, version);
      if (bytes === undefined || bytes === null) {
        const message = say(
          'there is no model {name} to predict with: run the notebook that trains it, or ask for the right to read its table',
          { name },
        );
        throw new Fault('not-found', message, { model: name });
      }
      const file = join(dir, `model-${name}.json`);
      await writeFile(file, bytes);
      return { name, file };
    }),
  );
}

export function trainedAmong(publications: readonly Publication[], model: string): Uint8Array | null {
  return publications.find(({ ref, model: draft }) => draft !== undefined && ref.name === model)?.model?.bytes ?? null;
}
