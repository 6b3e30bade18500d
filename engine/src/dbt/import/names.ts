import type { ImportFinding } from '@datacraft/shared';
import type { DbtProject, SourceTable } from './project.ts';

/** A name of dbt as the name of a cell. */
export function cellName(name: string): string {
  const plain = name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '_')
    .replace(/^[^a-z]+/, '');
  return plain === '' ? 'cell' : plain;
}

/** The cell of each model, seed and snapshot, and of each source table as `source.table`. */
export interface ProjectNames {
  readonly nodes: ReadonlyMap<string, string>;
  readonly sources: ReadonlyMap<string, string>;
  /** A name that no other cell has. */
  free(name: string): string;
}

export function projectNames(project: DbtProject, snapshots: readonly { name: string; file: string }[]): ProjectNames {
  const taken = new Set<string>();
  const free = (name: string) => {
    const plain = cellName(name);
    let found = plain;
    for (let count = 2; taken.has(found); count += 1) found = `${plain}_${count}`;
    taken.add(found);
    return found;
  };
  const nodes = new Map<string, string>();
  const all = [...project.models, ...project.seeds, ...snapshots.map(({ name, file }) => ({ name, path: file }))];
  for (const { name, path } of all) {
    nodes.set(name, free(name));
    if (nodes.get(name) !== name) project.findings.push(renamed(path, name, nodes.get(name) ?? ''));
  }
  const sources = new Map<string, string>();
  for (const entry of project.sources) {
    const { source, table } = sourceName(entry);
    sources.set(`${source}.${table}`, taken.has(cellName(table)) ? free(`${source}_${table}`) : free(table));
  }
  return { nodes, sources, free };
}

function renamed(file: string, from: string, to: string): ImportFinding {
  return { file, line: 1, column: 1, severity: 'info', message: `${from} is the cell ${to}: names are a-z, 0-9 and _, and unique` };
}

export function sourceName({ source, table }: SourceTable): { source: string; table: string } {
  return { source: String(source['name'] ?? ''), table: String(table.value['name'] ?? '') };
}
