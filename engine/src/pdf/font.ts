/**
 * The fonts that every reader of PDF has: Helvetica, its bold, and Courier, in the encoding of Windows (code page 1252),
 * which has all letters of Portuguese. Nothing is embedded, so that files stay small.
 *
 * F1  What the encoding does not have is written as its letter without marks, else as `?`; `missing` counts those.
 */
export type Font = 'plain' | 'bold' | 'code';

const ASCII = 32;
/** Widths in thousandths of the size, from the space on, as Adobe published them with the fonts. */
const PLAIN = widths(
  '278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 500 334 260 334 584',
);
const BOLD = widths(
  '278 333 474 556 556 889 722 238 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 333 333 584 584 584 611 975 722 722 722 722 667 611 778 722 278 556 722 611 833 722 778 667 778 722 667 611 722 667 944 667 667 611 333 278 333 584 556 333 556 611 556 611 556 333 611 611 278 278 556 278 889 611 611 611 611 389 556 333 611 556 778 556 556 500 389 280 389 584',
);
const CODE = 600;

/** Signs of code page 1252 that are no letters of ASCII with a mark, with their widths in both weights. */
const SIGNS = new Map<string, readonly [code: number, width: number]>(
  [
    ['€', 0x80, 556],
    ['…', 0x85, 1000],
    ['‰', 0x89, 1000],
    ['‘', 0x91, 222],
    ['’', 0x92, 222],
    ['“', 0x93, 333],
    ['”', 0x94, 333],
    ['•', 0x95, 350],
    ['–', 0x96, 556],
    ['—', 0x97, 1000],
    ['™', 0x99, 1000],
    ['\u00a0', 0xa0, 278],
    ['¢', 0xa2, 556],
    ['£', 0xa3, 556],
    ['§', 0xa7, 556],
    ['©', 0xa9, 737],
    ['ª', 0xaa, 370],
    ['«', 0xab, 556],
    ['®', 0xae, 737],
    ['°', 0xb0, 400],
    ['±', 0xb1, 584],
    ['²', 0xb2, 333],
    ['³', 0xb3, 333],
    ['µ', 0xb5, 556],
    ['·', 0xb7, 278],
    ['¹', 0xb9, 333],
    ['º', 0xba, 365],
    ['»', 0xbb, 556],
    ['¼', 0xbc, 834],
    ['½', 0xbd, 834],
    ['¾', 0xbe, 834],
    ['×', 0xd7, 584],
    ['÷', 0xf7, 584],
    ['Ø', 0xd8, 778],
    ['ø', 0xf8, 611],
    ['Æ', 0xc6, 1000],
    ['æ', 0xe6, 889],
    ['ß', 0xdf, 611],
  ].map(([sign, code, width]) => [String(sign), [Number(code), Number(width)]]),
);
/** Written otherwise, of the same sense. */
const INSTEAD: Readonly<Record<string, string>> = {
  '→': '->',
  '≈': '~',
  '≤': '<=',
  '≥': '>=',
  '≠': '<>',
  '∅': '-',
  '−': '-',
  '\u202f': ' ',
};

export interface Encoded {
  readonly bytes: readonly number[];
  /** Thousandths of the size. */
  readonly width: number;
  readonly missing: number;
}

export function encode(text: string, font: Font): Encoded {
  const bytes: number[] = [];
  let [width, missing] = [0, 0];
  for (const char of text.normalize('NFC').replace(/[→≈≤≥≠∅−\u202f]/g, (sign) => INSTEAD[sign] ?? sign)) {
    const { code, wide, isKnown } = glyphOf(char, font === 'bold' ? BOLD : PLAIN);
    bytes.push(code);
    width += font === 'code' ? CODE : wide;
    if (!isKnown) missing += 1;
  }
  return { bytes, width, missing };
}

export function widthOf(text: string, font: Font, size: number): number {
  return (encode(text, font).width * size) / 1000;
}

function glyphOf(char: string, own: readonly number[]): { code: number; wide: number; isKnown: boolean } {
  const code = char.codePointAt(0) ?? 0;
  const plain = own[code - ASCII];
  if (plain !== undefined) return { code, wide: plain, isKnown: true };
  const sign = SIGNS.get(char);
  if (sign) return { code: sign[0], wide: sign[1], isKnown: true };
  const base = own[(char.normalize('NFD').codePointAt(0) ?? 0) - ASCII];
  const letter = char.normalize('NFD').codePointAt(0) ?? 0;
  if (base === undefined) return { code: 0x3f, wide: own[0x3f - ASCII] ?? 0, isKnown: code < ASCII };
  const isEncoded = code >= 0xc0 && code <= 0xff;
  const wide = letter === 0x69 ? 278 : base; // a marked i is as wide as one without its dot
  return isEncoded ? { code, wide, isKnown: true } : { code: letter, wide: base, isKnown: false };
}

function widths(text: string): readonly number[] {
  return text.split(' ').map(Number);
}
