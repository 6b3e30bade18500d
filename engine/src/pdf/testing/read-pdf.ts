import { inflateSync } from 'node:zlib';

const TEXT = new TextDecoder('windows-1252');

/** The texts of a PDF file page by page, found by way of its cross-reference table as a viewer finds them. */
export function readPdf(file: Buffer): string[][] {
  const raw = file.toString('latin1');
  const start = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(raw)?.[1]);
  const [, count = '0'] = /^xref\n0 (\d+)\n/.exec(raw.slice(start)) ?? [];
  const entries = raw
    .slice(start)
    .split('\n')
    .slice(2, 2 + Number(count));
  const places = entries.map((entry) => Number(entry.slice(0, 10)));
  const objectAt = (id: number) => {
    const from = places[id] ?? 0;
    if (!raw.startsWith(`${id} 0 obj\n`, from)) throw new Error(`object ${id} is not where the table says`);
    return raw.slice(from, raw.indexOf('\nendobj\n', from));
  };
  const root = Number(/\/Root (\d+) 0 R/.exec(raw.slice(start))?.[1]);
  const list = Number(/\/Pages (\d+) 0 R/.exec(objectAt(root))?.[1]);
  const kids = /\/Kids \[([^\]]*)\]/.exec(objectAt(list))?.[1] ?? '';
  return [...kids.matchAll(/(\d+) 0 R/g)].map(([, id]) => {
    const content = Number(/\/Contents (\d+) 0 R/.exec(objectAt(Number(id)))?.[1]);
    const object = objectAt(content);
    const size = Number(/\/Length (\d+)/.exec(object)?.[1]);
    const packed = object.slice(object.indexOf('stream\n') + 7);
    const page = inflateSync(Buffer.from(packed.slice(0, size), 'latin1')).toString('latin1');
    return [...page.matchAll(/<([0-9a-f]*)> Tj/g)].map(([, hex = '']) => TEXT.decode(Buffer.from(hex, 'hex')));
  });
}
