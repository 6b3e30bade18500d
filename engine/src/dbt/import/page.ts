import type { Cell, CellId, Notebook } from '@datacraft/shared';
import { newId, orderKeys } from '@datacraft/shared';
import type { CellDraft } from './model-cell.ts';
import type { DbtProject } from './project.ts';

/** The page: what the project says of itself, then its folders in the order of their work, each under a heading. */
export function notebookOf(project: DbtProject, drafts: readonly CellDraft[]): Notebook {
  const overview = project.docs.get('__overview__') ?? `# ${titleOf(project.name)}\n\nImported from a dbt project.`;
  const sections = new Map<string, CellDraft[]>();
  for (const draft of drafts) {
    const section = sectionOf(draft);
    sections.set(section, [...(sections.get(section) ?? []), draft]);
  }
  const prose = (source: string): CellDraft => ({ kind: 'markdown', name: '', source, config: {}, file: '' });
  const ordered = [...sections].sort(([a], [b]) => rank(a) - rank(b));
  const all = [prose(overview), ...ordered.flatMap(([section, cells]) => [prose(`## ${section}`), ...cells])];
  return { title: titleOf(project.name), meta: {}, cells: cellsOf(all) };
}

export function cellsOf(drafts: readonly CellDraft[]): Cell[] {
  const keys = orderKeys(drafts.length);
  return drafts.map(({ kind, name, source, config }, index) => ({ id: newId<CellId>('cell'), kind, name, source, config, order: keys[index] ?? '' }));
}

function titleOf(name: string): string {
  const words = name.replaceAll('_', ' ').trim();
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
}

function sectionOf({ kind, file }: CellDraft): string {
  if (kind === 'source') return 'Sources';
  if (kind === 'input') return 'Inputs';
  const [top = '', ...folders] = file.split('/').slice(0, -1);
  return folders.length === 0 ? top : folders.join(' / ');
}

const early = ['Sources', 'Inputs', 'raw', 'bronze', 'base', 'staging', 'stg', 'snapshots', 'intermediate', 'silver'];
const late = ['models', 'marts', 'gold', 'reporting', 'tests'];

function rank(section: string): number {
  const name = section.split(' / ')[0] ?? section;
  if (early.includes(name)) return early.indexOf(name);
  return late.includes(name) ? 100 + late.indexOf(name) : 50;
}
