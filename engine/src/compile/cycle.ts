import { say } from '@datacraft/shared';
import type { Diagnostic } from '@datacraft/shared';
import { createDag, cyclePath } from '../graph/dag.ts';
import type { Definition } from './definition.ts';
import type { CellReads } from './reads-of-cell.ts';
import { inConfig, inSource } from './report.ts';

/** One diagnostic on each cell of a cycle, at the name that leads on along it. */
export function cycleDiagnostics(
  definitions: readonly Definition[],
  reads: ReadonlyMap<string, CellReads>,
): Diagnostic[] {
  const dag = createDag(
    definitions.map(({ cell }) => cell.name),
    (name) => [...(reads.get(name)?.dependsOn ?? []), ...(reads.get(name)?.inputs ?? [])],
  );
  return definitions.flatMap((definition) => {
    const path = cyclePath(dag, definition.cell.name);
    return path === null ? [] : [cycleDiagnostic(definition, path, reads.get(definition.cell.name))];
  });
}

function cycleDiagnostic(
  { cell, spec }: Definition,
  path: readonly string[],
  reads: CellReads | undefined,
): Diagnostic {
  const next = path[1] ?? cell.name;
  const way = path.join(' → ');
  const message =
    next === cell.name
      ? say('`{name}` reads itself', { name: cell.name })
      : say('`{name}` reads itself by way of others: {way}', { name: cell.name, way });
  const finding = { code: 'cycle', message };
  const offset = reads?.places.get(next);
  if (offset !== undefined) return inSource(cell, offset, finding);
  return inConfig(
    cell,
    { source: ['table'], chart: ['from'], input: ['options', 'from'] }[spec.kind as string] ?? ['expect'],
    finding,
  );
}
