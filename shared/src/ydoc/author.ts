/**
 * Who wrote what: every character and every value of a document carries the client and the clock that made it.
 *
 * W1  A line is by whoever made its latest character; who makes a character again, by an undo, is its author.
 */
import * as Y from 'yjs';
import type { CellId } from '../id.ts';
import { cellMap, cellsMap, sourceText } from './shape.ts';

/** A run of clocks of one client. */
export interface ClockRange {
  readonly client: number;
  readonly clock: number;
  readonly length: number;
}

/** What an update brings and what it takes away. */
export function rangesOf(update: Uint8Array): { written: ClockRange[]; deleted: ClockRange[] } {
  const { structs, ds } = Y.decodeUpdate(update);
  const written = structs
    .filter((struct) => !(struct instanceof Y.Skip))
    .map(({ id, length }) => ({ client: id.client, clock: id.clock, length }));
  const deleted = [...ds.clients].flatMap(([client, items]) =>
    items.map(({ clock, len }) => ({ client, clock, length: len })),
  );
  return { written, deleted };
}

/** Ids of the cells whose text, settings or place the ranges touch, written and deleted ones alike. */
export function cellsTouchedBy(
  doc: Y.Doc,
  touches: (client: number, clock: number, length: number) => boolean,
): CellId[] {
  const touched = (item: Y.Item) => touches(item.id.client, item.id.clock, item.length);
  return [...cellsMap(doc).entries()]
    .filter(([id, value]) => {
      const entry = cellsMap(doc)._map.get(id);
      if (entry && touched(entry)) return true;
      if (!(value instanceof Y.Map)) return false;
      const config: unknown = value.get('config');
      const text = sourceText(doc, id as CellId);
      return (
        mapItems(value as Y.Map<unknown>).some(touched) ||
        (config instanceof Y.Map && mapItems(config as Y.Map<unknown>).some(touched)) ||
        (text !== null && textItems(text).some(touched))
      );
    })
    .map(([id]) => id as CellId);
}

export interface CellBlame<Who> {
  /** One a line of the text. */
  readonly lines: (Who | null)[];
  /** By config key. */
  readonly config: Record<string, Who | null>;
  readonly created: Who | null;
}

/** `whoWrote` answers with a time to compare by. */
export function blameCell<Who extends { readonly at: string }>(
  doc: Y.Doc,
  id: CellId,
  whoWrote: (client: number, clock: number) => Who | null,
): CellBlame<Who> | null {
  const map = cellMap(doc, id);
  if (map === null) return null;
  const entry = cellsMap(doc)._map.get(id);
  const config = map.get('config');
  const entries = config instanceof Y.Map ? [...(config as Y.Map<unknown>)._map] : [];
  return {
    lines: blameLines(sourceText(doc, id), whoWrote),
    config: Object.fromEntries(
      entries.filter(([, item]) => !item.deleted).map(([key, item]) => [key, whoWrote(item.id.client, item.id.clock)]),
    ),
    created: entry ? whoWrote(entry.id.client, entry.id.clock) : null,
  };
}

function blameLines<Who extends { readonly at: string }>(
  text: Y.Text | null,
  whoWrote: (client: number, clock: number) => Who | null,
): (Who | null)[] {
  const lines: (Who | null)[] = [null];
  for (const item of text ? textItems(text) : []) {
    if (item.deleted || !(item.content instanceof Y.ContentString)) continue;
    for (let at = 0; at < item.length; at += 1) {
      const who = whoWrote(item.id.client, item.id.clock + at);
      const known = lines.at(-1) ?? null;
      const ends = item.content.str[at] === '\n';
      // Whoever goes on below a line has not written it; an empty one is theirs.
      if (who && (known === null || (known.at <= who.at && !ends))) lines[lines.length - 1] = who;
      if (ends) lines.push(null);
    }
  }
  return lines;
}

function textItems(text: Y.Text): Y.Item[] {
  const items: Y.Item[] = [];
  for (let item = text._start; item !== null; item = item.right) items.push(item);
  return items;
}

/** Present and overwritten values. */
function mapItems(map: Y.Map<unknown>): Y.Item[] {
  const items: Y.Item[] = [];
  for (const latest of map._map.values())
    for (let item: Y.Item | null = latest; item !== null; item = item.left) items.push(item);
  return items;
}
