/**
 * How a table goes on paper: the size of its letters, the widths of its columns and, where it is wider than the sheet
 * even so, its parts.
 *
 * P1 No column is narrower than its longest word, number or date, but for a word longer than `WORD_EM`.
 * P2 A table is made smaller before it is cut, and cut into as few parts as can be.
 * P3 Each part begins with the column, or the numbers of the rows, that say which row it is.
 */
import type { Shown } from './value.ts';

export interface PaperColumn {
  /** Without a broken word. */
  readonly leastEm: number;
  /** Without a wrapped text. */
  readonly mostEm: number;
}

export interface PaperPart {
  /** Columns, half-open; what is repeated before them is not among them. */
  readonly from: number;
  readonly to: number;
  readonly keyPt: number | null;
  readonly widthsPt: readonly number[];
}

export interface PaperPlan {
  readonly sizePt: number;
  readonly parts: readonly PaperPart[];
}

/** From the size of a caption to the smallest that is read without effort. */
const SIZES_PT = [8.25, 7.75, 7.25, 6.75, 6.5] as const;
/** A longer word, such as an address or a hash, breaks: it would be a third of the sheet. */
const WORD_EM = 26;
/** A text is not set in a column of one word each line. */
const TEXT_EM = 12;
/** A shorter name is not cut. */
const NAME_EM = 7;
export const GAP_EM = 1;
/** Widths are rounded where they are drawn. */
const SLACK_EM = 0.1;
const MONO_EM = 0.6;

/** `cells` are those of one column that are printed. */
export function paperColumnOf(name: string, cells: Iterable<Shown>): PaperColumn {
  const piece = Math.max(...piecesOf(name).map((part) => part.length * MONO_EM));
  const head = name.length * MONO_EM;
  let [least, most] = [Math.min(Math.max(piece, Math.min(head, NAME_EM)), WORD_EM), Math.min(head, WORD_EM)];
  for (const { kind, text } of cells) {
    const isWhole = kind === 'number' || kind === 'time' || kind === 'boolean' || kind === 'null';
    const whole = kind === 'number' ? text.length * MONO_EM : emOf(text);
    const word = isWhole ? whole : Math.max(...text.split(/\s+/).map(emOf));
    least = Math.max(least, Math.min(WORD_EM, word), isWhole ? 0 : Math.min(whole, TEXT_EM));
    most = Math.max(most, whole);
  }
  const around = GAP_EM + SLACK_EM;
  return { leastEm: least + around, mostEm: Math.max(least, most) + around };
}

/** A name as it may be cut: after the lines that join its words. */
export function piecesOf(name: string): string[] {
  return name.match(/[^_\s]*[_\s]+|[^_\s]+/g) ?? [''];
}

/** Without a `key` the first column is what each part begins with. */
export function planPaper(columns: readonly PaperColumn[], widthPt: number, key: PaperColumn | null = null): PaperPlan {
  const cutAt = (sizePt: number) => cutsOf(columns, widthPt / sizePt, key);
  const smallest = SIZES_PT[SIZES_PT.length - 1] ?? 0;
  const fewest = cutAt(smallest).length;
  const sizePt = SIZES_PT.find((size) => cutAt(size).length === fewest) ?? smallest;
  const roomEm = widthPt / sizePt;
  if (fewest === 1) return { sizePt, parts: [partOf(columns, 0, columns.length, { sizePt, roomEm, key: null })] };
  const cuts = evenCuts(columns, roomEm, key, fewest);
  const starts = [0, ...cuts.slice(0, -1)];
  const parts = cuts.map((to, at) => {
    const from = starts[at] ?? 0;
    const before = key ?? (from === 0 ? null : (columns[0] ?? null));
    return partOf(columns, from, to, { sizePt, roomEm, key: before });
  });
  return { sizePt, parts };
}

/** Ends of the parts, each as full as it gets. */
function cutsOf(columns: readonly PaperColumn[], roomEm: number, key: PaperColumn | null): number[] {
  if (sumOf(columns, 'leastEm') <= roomEm) return [columns.length];
  const ends: number[] = [];
  const keyEm = (key ?? columns[0])?.leastEm ?? 0;
  let used = key === null ? 0 : keyEm;
  let from = 0;
  for (const [at, { leastEm }] of columns.entries()) {
    if (at > from && used + leastEm > roomEm) {
      ends.push(at);
      from = at;
      used = keyEm;
    }
    used += leastEm;
  }
  return [...ends, columns.length];
}

/** As many parts, the last one not left with what did not fit before. */
function evenCuts(columns: readonly PaperColumn[], roomEm: number, key: PaperColumn | null, count: number): number[] {
  for (let share = 0.5; share < 1; share += 0.05) {
    const cuts = cutsOf(columns, roomEm * share, key);
    if (cuts.length === count) return cuts;
  }
  return cutsOf(columns, roomEm, key);
}

function partOf(
  columns: readonly PaperColumn[],
  from: number,
  to: number,
  { sizePt, roomEm, key }: { sizePt: number; roomEm: number; key: PaperColumn | null },
): PaperPart {
  const own = columns.slice(from, to);
  const all = key === null ? own : [key, ...own];
  const least = sumOf(all, 'leastEm');
  const wish = sumOf(all, 'mostEm') - least;
  const share = wish === 0 ? 0 : Math.max(0, Math.min(1, (roomEm - least) / wish));
  const widths = all.map(({ leastEm, mostEm }) => (leastEm + (mostEm - leastEm) * share) * sizePt);
  return {
    from,
    to,
    keyPt: key === null ? null : (widths[0] ?? 0),
    widthsPt: key === null ? widths : widths.slice(1),
  };
}

function sumOf(columns: readonly PaperColumn[], width: keyof PaperColumn): number {
  return columns.reduce((sum, column) => sum + column[width], 0);
}

/** At least the advance of a text in Inter with tabular figures. */
function emOf(text: string): number {
  let sum = 0;
  for (const letter of text) sum += letterEm(letter < '\u0250' ? (letter.normalize('NFD')[0] ?? letter) : letter);
  return sum;
}

function letterEm(letter: string): number {
  if (/[ijltfI ,.:;!'`|\\]/.test(letter)) return 0.34;
  if (/[()[\]{}r/"_^]/.test(letter)) return 0.48;
  if (/[mwMW@%]/.test(letter)) return 1.01;
  if (/[A-Z]/.test(letter)) return 0.77;
  return letter < '\u0250' ? 0.65 : 1.1;
}
