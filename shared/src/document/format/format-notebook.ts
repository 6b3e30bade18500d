import type { Cell } from '../cell.ts';
import type { Notebook } from '../notebook.ts';
import { canonicalKeys, canonicalMetaKeys } from '../spec/validate.ts';
import { nameForInfo } from './fence.ts';
import { proseSeparator, writeProse } from './prose.ts';
import { writeMap } from './yaml-write.ts';

/** The version of the text form that this program writes, and the highest it reads. */
export const formatVersion = 1;

/** The notebook as one Markdown file, canonical: equal notebooks give equal bytes, and one cell is one stretch of lines. */
export function formatNotebook(notebook: Notebook): string {
  const blocks = [frontMatter(notebook)];
  let afterProse = false;
  for (const cell of notebook.cells) {
    if (cell.deletedAt !== undefined) continue;
    const isProse = cell.kind === 'markdown';
    const lines = isProse ? writeProse(unixLines(cell.source)) : fencedCell(cell);
    if (lines.length === 0) continue;
    if (isProse && afterProse) blocks.push(proseSeparator);
    blocks.push(lines.join('\n'));
    afterProse = isProse;
  }
  return `${blocks.join('\n\n')}\n`;
}

function frontMatter({ title, meta }: Notebook): string {
  const head = writeMap({ datacraft: formatVersion, title }, ['datacraft', 'title']);
  const { datacraft: _version, title: _title, ...rest } = meta;
  return ['---', ...head, ...writeMap(rest, canonicalMetaKeys), '---'].join('\n');
}

function fencedCell(cell: Cell): string[] {
  const keys = writeMap(cell.config, canonicalKeys(cell.kind, cell.config));
  const body = cell.kind === 'sql' ? [...header(keys, cell.source), ...sourceLines(cell.source)] : keys;
  const fence = fenceAround(body);
  return [`${fence}${cell.kind} ${nameForInfo(cell.name)}`, ...body, fence];
}

/** An empty header keeps a text that itself begins with `---` from being read as one. */
function header(keys: readonly string[], source: string): string[] {
  const looksLikeHeader = /^---[ \t]*$/.test(sourceLines(source)[0] ?? '');
  return keys.length > 0 || looksLikeHeader ? ['---', ...keys, '---'] : [];
}

function sourceLines(source: string): string[] {
  return source === '' ? [] : unixLines(source).split('\n');
}

function unixLines(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

function fenceAround(body: readonly string[]): string {
  const longest = Math.max(0, ...body.map((line) => /^\s*(`+)/.exec(line)?.[1]?.length ?? 0));
  return '`'.repeat(Math.max(3, longest + 1));
}
