import type { Canvas, PageSize, PdfFile } from './file.ts';
import type { Font } from './font.ts';
import { widthOf } from './font.ts';

export const A4: PageSize = { width: 595, height: 842 };
export const MARGIN = 42;
export const QUIET = '#5b6270';
export const LINE = '#d9dce3';
/** Below the text of each page stands its foot. */
const FOOT = 40;

/** Pages that are filled from top to bottom. */
export interface Sheet {
  /** Where the next thing goes. */
  readonly y: number;
  readonly canvas: Canvas;
  readonly width: number;
  /** Room left on this page. */
  readonly room: number;
  /** Room of a page on which nothing stands. */
  readonly whole: number;
  move(by: number): void;
  newPage(): void;
  /** On each page, once all of them are there. */
  foot(write: (canvas: Canvas, page: number, pages: number) => void): void;
}

export function openSheet(file: PdfFile, size: PageSize = A4): Sheet {
  const pages = [file.addPage(size)];
  let y = MARGIN;
  const canvas = () => pages.at(-1) as Canvas;
  return {
    get y() {
      return y;
    },
    get canvas() {
      return canvas();
    },
    width: size.width - 2 * MARGIN,
    get room() {
      return size.height - MARGIN - FOOT - y;
    },
    whole: size.height - 2 * MARGIN - FOOT,
    move: (by) => void (y += by),
    newPage() {
      pages.push(file.addPage(size));
      y = MARGIN;
    },
    foot: (write) => {
      for (const [at, page] of pages.entries()) write(page, at + 1, pages.length);
    },
  };
}

export interface TextStyle {
  readonly font: Font;
  readonly size: number;
  readonly colour?: string;
  /** Of a line, in sizes. */
  readonly leading?: number;
}

/** Text over as many lines and pages as it needs. */
export function writeText(sheet: Sheet, text: string, { leading = 1.4, ...style }: TextStyle): void {
  const step = style.size * leading;
  for (const line of wrap(text, style.font, style.size, sheet.width)) {
    if (sheet.room < step) sheet.newPage();
    sheet.canvas.text(line, MARGIN, sheet.y + style.size, style);
    sheet.move(step);
  }
}

/** Lines of at most this width: broken between words, and within those that are wider than a line. */
export function wrap(text: string, font: Font, size: number, width: number): string[] {
  return text.split('\n').flatMap((line) => wrapLine(line.replaceAll('\t', '  '), font, size, width));
}

function wrapLine(text: string, font: Font, size: number, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<= )/)) {
    if (widthOf((line + word).trimEnd(), font, size) <= width) {
      line += word;
      continue;
    }
    if (line !== '') lines.push(line.trimEnd());
    line = word;
    while (widthOf(line.trimEnd(), font, size) > width && line.length > 1) {
      const fits = fitting(line, font, size, width);
      lines.push(line.slice(0, fits));
      line = line.slice(fits);
    }
  }
  return [...lines, line.trimEnd()];
}

/** How many characters of it fit, at least one. */
function fitting(text: string, font: Font, size: number, width: number): number {
  let fits = 1;
  while (fits < text.length && widthOf(text.slice(0, fits + 1), font, size) <= width) fits += 1;
  return fits;
}
