import type { Notebook } from '@datacraft/shared';
import type { CellDraft } from '../../interchange/draft.ts';
import { cellsOf, prose } from '../../interchange/draft.ts';
import type { DbtProject } from './project.ts';

/** The page: what the project says of itself, then its folders in the order of their work, each under a heading. */
export function notebookOf(project: DbtProject, drafts: readonly CellDraft[]): Notebook {
  const overview = project.docs.get('__overview__') ?? `# ${titleOf(project.name)}\n\nImported from a dbt project.`;
  const sections = new Map<string, CellDraft[]>();
  for (const draft of drafts) {
    const section = sectionOf(draft);
    sections.set(section, [...(sections.get(section) ?? []), draft]);
  }
  const ordered = [...sections].sort(([a], [b]) => rank(a) - rank(b));
  const all = [
    prose(overview, 'dbt_project.yml'),
    ...ordered.flatMap(([section, cells]) => [prose(`## ${section}`, ''), ...cells]),
  ];
  return { title: titleOf(project.name), meta: {}, cells: cellsOf(all) };
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
