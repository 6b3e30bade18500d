import type { ImportedDraft } from './draft.ts';
import type { CellDraft } from './draft.ts';
import { cellsOf, FreeNames } from './draft.ts';

const types: Readonly<Record<string, string>> = {
  csv: 'csv',
  tsv: 'csv',
  txt: 'csv',
  json: 'json',
  ndjson: 'json',
  jsonl: 'json',
  parquet: 'parquet',
  avro: 'avro',
  xlsx: 'excel',
};

export function isDataFile(path: string): boolean {
  return typeOf(path) !== undefined && !/(^|\/)[._]/.test(path);
}

function typeOf(path: string): string | undefined {
  return types[/\.(\w+)(?:\.gz)?$/.exec(path.toLowerCase())?.[1] ?? ''];
}

/** A source cell a file. */
export function dataNotebook(files: ReadonlyMap<string, Uint8Array>, title: string): ImportedDraft {
  const names = new FreeNames();
  const cells = [...files.keys()].map((path): CellDraft => {
    const base = (path.split('/').at(-1) ?? path).replace(/\.gz$/i, '').replace(/\.\w+$/, '');
    return {
      kind: 'source',
      name: names.take(base),
      source: '',
      config: { type: typeOf(path) ?? 'csv', path: `./${path}` },
      file: path,
    };
  });
  return { notebook: { title, meta: {}, cells: cellsOf(cells) }, cells, files, findings: [] };
}
