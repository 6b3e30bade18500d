/**
 * A place in a cell's text that stays with its characters while others edit: two relative positions, each encoded as
 * hexadecimal digits.
 *
 * A1  The start sticks to the first character and the end to the last: text typed at either side is not part of it.
 * A2  When all its characters are gone, the quoted text is looked for; only a single occurrence counts as the place.
 */
import * as Y from 'yjs';
import type { CellId } from '../id.ts';
import { sourceText } from './shape.ts';

export interface TextAnchor {
  readonly start: string;
  readonly end: string;
}

export interface TextRange {
  readonly from: number;
  readonly to: number;
}

/** Null when the cell has no text or the range holds no character. */
export function anchorOf(doc: Y.Doc, id: CellId, range: TextRange): TextAnchor | null {
  const text = sourceText(doc, id);
  if (text === null || range.from < 0 || range.to > text.length || range.to <= range.from) return null;
  return { start: encode(text, range.from, 0), end: encode(text, range.to, -1) };
}

/** Where the anchored text is now; null when it is gone. */
export function rangeOf(doc: Y.Doc, id: CellId, anchor: TextAnchor, quote: string): TextRange | null {
  const text = sourceText(doc, id);
  if (text === null) return null;
  const [from, to] = [indexOf(doc, text, anchor.start), indexOf(doc, text, anchor.end)];
  if (from !== null && to !== null && from < to) return { from, to };
  return onlyOccurrence(text.toString(), quote);
}

function encode(text: Y.Text, index: number, stickTo: 0 | -1): string {
  const position = Y.createRelativePositionFromTypeIndex(text, index, stickTo);
  return [...Y.encodeRelativePosition(position)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Null for a position of another text, of the future, or that is no position at all. */
function indexOf(doc: Y.Doc, text: Y.Text, hex: string): number | null {
  const bytes = Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  try {
    const place = Y.createAbsolutePositionFromRelativePosition(Y.decodeRelativePosition(bytes), doc);
    return place?.type === text ? place.index : null;
  } catch {
    return null; // bytes of a client that are no position; the quote may still tell
  }
}

function onlyOccurrence(text: string, quote: string): TextRange | null {
  if (quote === '') return null;
  const from = text.indexOf(quote);
  return from === -1 || text.includes(quote, from + 1) ? null : { from, to: from + quote.length };
}
