import { say, worded } from '@datacraft/shared';
import type { ImportFinding } from '@datacraft/shared';
import { cellName, FreeNames } from '../../interchange/draft.ts';
import type { DbtProject, SourceTable } from './project.ts';

/** The cell of each model, seed and snapshot, and of each source table as `source.table`. */
export interface ProjectNames {
  readonly nodes: ReadonlyMap<string, string>;
  readonly sources: ReadonlyMap<string, string>;
  /** A name that no other cell has. */
  free(name: string): string;
}

export function projectNames(project: DbtProject, snapshots: readonly { name: string; file: string }[]): ProjectNames {
  const taken = new FreeNames();
  const free = (name: string) => taken.take(name);
  const nodes = new Map<string, string>();
  const all = [...project.models, ...project.seeds, ...snapshots.map(({ name, file }) => ({ name, path: file }))];
  for (const { name, path } of all) {
    nodes.set(name, free(name));
    if (nodes.get(name) !== name) project.findings.push(renamed(path, name, nodes.get(name) ?? ''));
  }
  const sources = new Map<string, string>();
  const isTaken = (name: string) => [...nodes.values(), ...sources.values()].includes(cellName(name));
  for (const entry of project.sources) {
    const { source, table } = sourceName(entry);
    sources.set(`${source}.${table}`, isTaken(table) ? free(`${source}_${table}`) : free(table));
  }
  return { nodes, sources, free };
}

function renamed(file: string, from: string, to: string): ImportFinding {
  return {
    file,
    line: 1,
    column: 1,
    severity: 'info',
    ...worded(say('{from} is the cell {to}: names are a-z, 0-9 and _, and unique', { from, to })),
  };
}

export function sourceName({ source, table }: SourceTable): { source: string; table: string } {
  return { source: String(source['name'] ?? ''), table: String(table.value['name'] ?? '') };
}
