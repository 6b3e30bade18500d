import type { DashboardLayout, LayoutTile, Notebook, PublicationChange } from '@datacraft/shared';
import { diffNotebooks } from '@datacraft/shared';
import type { Compiled } from '@datacraft/engine';
import { tileReads } from '@datacraft/engine';

export interface Version {
  readonly layout: DashboardLayout;
  readonly document: Notebook;
}

/**
 * What viewers would see differently, tile by tile, then cells behind the tiles. `what` is words of a closed list:
 * `tile`, `position`, `size`, `title`, `name`, `text`, `settings`, `behind` (it is not on the dashboard, but decides it).
 */
export function publicationChanges(before: Version | null, after: Version, compiled: Compiled): PublicationChange[] {
  const tiles = tileChanges(before, after);
  if (before === null) return tiles;
  const placed = new Set(after.layout.tiles.map((tile) => tile.cellId));
  const behind = cellsBehind(after, compiled);
  const named = new Map(tiles.map((change) => [change.cellId, change]));
  for (const cell of diffNotebooks(before.document, after.document).cells) {
    if (cell.change === 'moved' || (!placed.has(cell.cellId) && !behind.has(cell.name))) continue;
    if (named.get(cell.cellId)?.kind === 'added') continue;
    const parts = cell.parts.map((part) => (part === 'source' ? 'text' : part === 'config' ? 'settings' : 'name'));
    const place = placed.has(cell.cellId) ? [] : ['behind'];
    const existing = named.get(cell.cellId);
    const what = [...new Set([...(existing ? existing.what.split(' ') : []), ...parts, ...place])].join(' ');
    const kind = cell.change === 'changed' ? 'changed' : cell.change;
    named.set(cell.cellId, { kind, cellId: cell.cellId, name: cell.name, what: what === '' ? 'tile' : what });
  }
  return [...named.values()];
}

function tileChanges(before: Version | null, after: Version): PublicationChange[] {
  const old = new Map(before?.layout.tiles.map((tile) => [tile.cellId, tile]) ?? []);
  const now = new Map(after.layout.tiles.map((tile) => [tile.cellId, tile]));
  const present = after.layout.tiles.flatMap((tile): PublicationChange[] => {
    const name = nameOf(after.document, tile);
    const was = old.get(tile.cellId);
    if (!was) return [{ kind: 'added', cellId: tile.cellId, name, what: 'tile' }];
    const what = placeWords(was, tile);
    if (what.length === 0) return [];
    const kind = what.includes('title') ? 'changed' : 'moved';
    return [{ kind, cellId: tile.cellId, name, what: what.join(' ') }];
  });
  const removed = [...old.values()]
    .filter((tile) => !now.has(tile.cellId))
    .map((tile): PublicationChange => ({
      kind: 'removed',
      cellId: tile.cellId,
      name: before ? nameOf(before.document, tile) : '',
      what: 'tile',
    }));
  return [...present, ...removed];
}

function placeWords(was: LayoutTile, tile: LayoutTile): string[] {
  const words: string[] = [];
  if (was.x !== tile.x || was.y !== tile.y) words.push('position');
  if (was.w !== tile.w || was.h !== tile.h) words.push('size');
  if ((was.title ?? '') !== (tile.title ?? '')) words.push('title');
  return words;
}

function cellsBehind({ layout, document }: Version, { graph }: Compiled): Set<string> {
  const placed = new Map(document.cells.map((cell) => [cell.id, cell]));
  const names = layout.tiles.flatMap((tile) => placed.get(tile.cellId)?.name ?? []);
  return new Set(names.filter((name) => graph.cells.has(name)).flatMap((name) => tileReads(graph, name).cells));
}

function nameOf(document: Notebook, tile: LayoutTile): string {
  const cell = document.cells.find((each) => each.id === tile.cellId);
  if (!cell) return tile.title ?? '';
  return cell.name || (cell.source.split('\n', 1)[0] ?? '').replace(/^#+\s*/, '').slice(0, 60);
}
