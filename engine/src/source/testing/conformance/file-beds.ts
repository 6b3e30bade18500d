import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Workshop } from '../../../run/testing/workshop.ts';
import { avroFile } from '../avro-file.ts';
import { workbook } from '../workbook.ts';
import type { Bed, MakeBed, Row } from './bed.ts';

interface Written {
  readonly id: number | 'none';
  readonly name: string;
  readonly extra?: string;
}

/** A folder to which a file is added each time; `id` is declared a number, so that one that is none is a bad row. */
function folder(type: string, ending: string, write: (rows: readonly Written[], shop: Workshop) => Promise<Buffer>) {
  return async (name: string, shop: Workshop): Promise<Bed> => {
    const dir = join(shop.root, 'files', name);
    await mkdir(dir, { recursive: true });
    let files = 0;
    const add = async (rows: readonly Written[]) => {
      files += 1;
      await writeFile(join(dir, `${String(files).padStart(3, '0')}.${ending}`), await write(rows, shop));
    };
    return {
      keys: `type: ${type}\npath: ./${name}/*.${ending}\ncolumns: { id: integer }`,
      put: (rows: readonly Row[]) => add(rows),
      putBad: () => add([{ id: 'none', name: 'bad' }]),
    };
  };
}

const hasExtra = (rows: readonly Written[]) => rows.some(({ extra }) => extra !== undefined);
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

export function csvText(rows: readonly Written[]): Buffer {
  const extra = hasExtra(rows);
  const lines = rows.map((row) => `${row.id},${quoted(row.name)}${extra ? `,${row.extra ?? ''}` : ''}\n`);
  return Buffer.from(`id,name${extra ? ',extra' : ''}\n${lines.join('')}`);
}

async function parquetBytes(rows: readonly Written[], shop: Workshop): Promise<Buffer> {
  const text = (value: string | undefined) => (value === undefined ? 'null' : `'${value.replaceAll("'", "''")}'`);
  const values = rows.map((row) => `('${row.id}', ${text(row.name)}, ${text(row.extra)})`).join(', ');
  const path = join(shop.root, 'tmp', 'bed.parquet');
  const session = await shop.deps.duck.open({ writableDir: join(shop.root, 'tmp') });
  try {
    const columns = hasExtra(rows) ? 'id, name, extra' : 'id, name';
    await session.run(
      `copy (select ${columns} from (values ${values}) t(id, name, extra)) to '${path}' (format parquet)`,
    );
  } finally {
    await session.close();
  }
  return readFile(path);
}

function avroBytes(rows: readonly Written[]): Buffer {
  const text = ['id', 'name', ...(hasExtra(rows) ? ['extra'] : [])].map((name) => ({ name, type: 'string' }));
  return avroFile(
    { type: 'record', name: 'Row', fields: text },
    rows.map((row) => ({ ...row, id: String(row.id) })),
  );
}

function sheetBytes(rows: readonly Written[]): Buffer {
  const extra = hasExtra(rows);
  const cells = rows.map(({ id, name, extra: more }) => [
    id === 'none' ? id : { number: String(id) },
    name.replaceAll('"', '&quot;'),
    ...(extra ? [more ?? null] : []),
  ]);
  return workbook({ Rows: [['id', 'name', ...(extra ? ['extra'] : [])], ...cells] });
}

export const fileBeds = {
  csv: folder('csv', 'csv', (rows) => Promise.resolve(csvText(rows))),
  json: folder('json', 'ndjson', (rows) =>
    Promise.resolve(Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''))),
  ),
  parquet: folder('parquet', 'parquet', parquetBytes),
  avro: folder('avro', 'avro', (rows) => Promise.resolve(avroBytes(rows))),
  excel: folder('excel', 'xlsx', (rows) => Promise.resolve(sheetBytes(rows))),
} satisfies Readonly<Record<string, MakeBed>>;
