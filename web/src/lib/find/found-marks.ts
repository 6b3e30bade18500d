/** Marks what is found where it is drawn, without a change to what draws it: the browser paints ranges by name. */
import { rangeInEditor } from '#lib/editor/place.ts';
import { folded, isSame, type Place, startsOf, type Wanted } from './search.ts';

const FOUND = 'found';
const CURRENT = 'found-current';
const NAME = '.chead .nm';
/** Texts of a cell as they are drawn: its name, its editor or what stands in for it, its prose. Its result is none. */
const TEXTS = `${NAME}, .cm-content, .code, .prose`;
const BLOCKS = '.cm-line, .ln, p, li, h1, h2, h3, h4, h5, h6, td, th, pre, blockquote, .nm';
const NOT_TEXT = '.cm-ySelectionCaret, .cm-placeholder';

export function paintFound(places: readonly Place[], current: Place | null, wanted: Wanted): void {
  if (!canPaint()) return;
  const cells = new Set(places.map(({ cellId }) => cellId));
  CSS.highlights.set(FOUND, new Highlight(...[...cells].flatMap((id) => rangesIn(cellNode(id), wanted))));
  const range = current && rangeOf(current, places, wanted);
  const highlight = new Highlight(...(range ? [range] : []));
  highlight.priority = 1;
  CSS.highlights.set(CURRENT, highlight);
}

export function clearFound(): void {
  if (!canPaint()) return;
  CSS.highlights.delete(FOUND);
  CSS.highlights.delete(CURRENT);
}

export function cellNode(id: string): HTMLElement | null {
  return document.getElementById(`cell-${id}`);
}

/** Where a place is drawn; null where it is not, such as a setting or a line that the editor does not draw now. */
export function rangeOf(place: Place, places: readonly Place[], wanted: Wanted): Range | null {
  const cell = cellNode(place.cellId);
  if (cell === null || place.part === 'setting') return null;
  if (place.part === 'name') return rangesIn(cell.querySelector(NAME), wanted)[0] ?? null;
  const editor = cell.querySelector<HTMLElement>('.cm-content');
  if (editor !== null) return rangeInEditor(editor, place.from, place.to);
  // What is read may hold fewer than what is written, such as the address of a link.
  const drawn = rangesIn(cell.querySelector('.prose, .code'), wanted);
  const inText = places.filter(({ cellId, part }) => cellId === place.cellId && part === place.part);
  return (
    drawn[
      Math.min(
        drawn.length - 1,
        inText.findIndex((one) => isSame(one, place)),
      )
    ] ?? null
  );
}

function canPaint(): boolean {
  return typeof CSS !== 'undefined' && 'highlights' in CSS;
}

function rangesIn(root: Element | null, { words, exact }: Wanted): Range[] {
  if (root === null || words === '') return [];
  const needle = exact ? words : folded(words);
  const texts = root.matches(TEXTS) ? [root] : [...root.querySelectorAll(TEXTS)];
  return texts.flatMap(blocksOf).flatMap((nodes) => {
    const text = nodes.map((node) => node.data).join('');
    return startsOf(exact ? text : folded(text), needle).map((from) => rangeIn(nodes, from, from + needle.length));
  });
}

/** The nodes of text of each line or paragraph: words may stand in several of them, and end with it. */
function blocksOf(root: Element): Text[][] {
  const blocks: Text[][] = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  let last: Element | null = null;
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const block = node.parentElement?.closest(BLOCKS) ?? root;
    if (node.parentElement?.closest(NOT_TEXT)) continue;
    if (block !== last) blocks.push([]);
    blocks.at(-1)?.push(node as Text);
    last = block;
  }
  return blocks;
}

function rangeIn(nodes: readonly Text[], from: number, to: number): Range {
  const range = new Range();
  let at = 0;
  for (const node of nodes) {
    const end = at + node.length;
    if (from >= at && from < end) range.setStart(node, from - at);
    if (to > at && to <= end) range.setEnd(node, to - at);
    at = end;
  }
  return range;
}
