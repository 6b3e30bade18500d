/**
 * A PDF file (ISO 32000-1) of pages with text, lines and areas: what a report needs and no more.
 *
 * P1  The same pages give the same bytes: there is no clock and no chance in it.
 */
import { deflateSync } from 'node:zlib';
import type { Font } from './font.ts';
import { encode } from './font.ts';

export interface PageSize {
  readonly width: number;
  readonly height: number;
}

/** In points, from the top left corner. */
export interface Canvas extends PageSize {
  text(text: string, x: number, y: number, how: { font: Font; size: number; colour?: string }): void;
  line(points: readonly (readonly [x: number, y: number])[], colour: string, width: number): void;
  area(x: number, y: number, width: number, height: number, colour: string): void;
}

export interface PdfFile {
  addPage(size: PageSize): Canvas;
  /** Characters that the fonts do not have. */
  readonly missing: number;
  /** `identity`: hex, of what the file says. */
  bytes(about: { readonly title: string; readonly language: string; readonly identity: string }): Buffer;
}

const FONTS: Readonly<Record<Font, readonly [name: string, base: string]>> = {
  plain: ['F1', 'Helvetica'],
  bold: ['F2', 'Helvetica-Bold'],
  code: ['F3', 'Courier'],
};

export function createPdf(): PdfFile {
  const pages: { readonly size: PageSize; readonly content: string[] }[] = [];
  let missing = 0;
  return {
    get missing() {
      return missing;
    },
    addPage(size) {
      const content: string[] = [];
      pages.push({ size, content });
      const at = (x: number, y: number) => `${number(x)} ${number(size.height - y)}`;
      return {
        ...size,
        text(text, x, y, { font, size: points, colour = '#16181d' }) {
          const encoded = encode(text, font);
          missing += encoded.missing;
          const shown = Buffer.from(encoded.bytes).toString('hex');
          content.push(`${rgb(colour)} rg BT /${FONTS[font][0]} ${number(points)} Tf ${at(x, y)} Td <${shown}> Tj ET`);
        },
        line(points, colour, width) {
          const path = points.map(([x, y], index) => `${at(x, y)} ${index === 0 ? 'm' : 'l'}`).join(' ');
          content.push(`${rgb(colour)} RG ${number(width)} w ${path} S`);
        },
        area: (x, y, width, height, colour) =>
          void content.push(`${rgb(colour)} rg ${at(x, y + height)} ${number(width)} ${number(height)} re f`),
      };
    },
    bytes: (about) => assembled(pages, about),
  };
}

type Pages = readonly { readonly size: PageSize; readonly content: readonly string[] }[];

/** Objects 1 and 2 are the catalogue and the list of pages, then come information, fonts and two objects a page. */
function assembled(pages: Pages, { title, language, identity }: Parameters<PdfFile['bytes']>[0]): Buffer {
  const fonts = Object.values(FONTS);
  const first = 4 + fonts.length;
  const kids = pages.map((_, at) => `${first + at * 2} 0 R`).join(' ');
  const resources = `<< /Font << ${fonts.map(([name], at) => `/${name} ${4 + at} 0 R`).join(' ')} >> >>`;
  const objects: Buffer[] = [
    Buffer.from(`<< /Type /Catalog /Pages 2 0 R /Lang (${language}) /ViewerPreferences << /DisplayDocTitle true >> >>`),
    Buffer.from(`<< /Type /Pages /Count ${pages.length} /Kids [${kids}] >>`),
    Buffer.from(`<< /Title <feff${Buffer.from(title, 'utf16le').swap16().toString('hex')}> /Producer (DataCraft) >>`),
    ...fonts.map(([, base]) =>
      Buffer.from(`<< /Type /Font /Subtype /Type1 /BaseFont /${base} /Encoding /WinAnsiEncoding >>`),
    ),
    ...pages.flatMap(({ size, content }, at) => {
      const packed = deflateSync(Buffer.from(content.join('\n')));
      return [
        Buffer.from(
          `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${number(size.width)} ${number(size.height)}] /Resources ${resources} /Contents ${first + at * 2 + 1} 0 R >>`,
        ),
        Buffer.concat([
          Buffer.from(`<< /Length ${packed.length} /Filter /FlateDecode >>\nstream\n`),
          packed,
          Buffer.from('\nendstream'),
        ]),
      ];
    }),
  ];
  return written(objects, identity);
}

function written(objects: readonly Buffer[], identity: string): Buffer {
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n%\u00e2\u00e3\n', 'latin1')];
  const places: number[] = [];
  let length = parts[0]?.length ?? 0;
  const add = (part: Buffer) => {
    parts.push(part);
    length += part.length;
  };
  for (const [at, body] of objects.entries()) {
    places.push(length);
    add(Buffer.concat([Buffer.from(`${at + 1} 0 obj\n`), body, Buffer.from('\nendobj\n')]));
  }
  const table = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('');
  const id = identity.slice(0, 32);
  const trailer = `<< /Size ${objects.length + 1} /Root 1 0 R /Info 3 0 R /ID [<${id}> <${id}>] >>`;
  const head = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`;
  parts.push(Buffer.from(`${head}${table}trailer\n${trailer}\nstartxref\n${length}\n%%EOF\n`));
  return Buffer.concat(parts);
}

function number(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function rgb(colour: string): string {
  const parts = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255);
  return parts.map(number).join(' ');
}
