import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const COMPRESSIBLE = /\.(js|css|wasm|svg|json|html|txt)$/;
/** Smaller ones fit one packet anyway. */
const MIN_BYTES = 1_400;
/** Quality 11 takes minutes for the browser's DuckDB and saves a seventh more. */
const QUALITY = 5;

/** Writes `file.br` beside every file of the built client that is worth it. */
export function compressClient(clientDir: string): void {
  const entries = readdirSync(clientDir, { withFileTypes: true, recursive: true });
  for (const entry of entries) {
    const file = join(entry.parentPath, entry.name);
    if (!entry.isFile() || !COMPRESSIBLE.test(file) || statSync(file).size < MIN_BYTES) continue;
    const params = { [constants.BROTLI_PARAM_QUALITY]: QUALITY, [constants.BROTLI_PARAM_LGWIN]: 22 };
    writeFileSync(`${file}.br`, brotliCompressSync(readFileSync(file), { params }));
  }
}
