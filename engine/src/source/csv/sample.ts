import iconv from 'iconv-lite';
import { Fault, say } from '@datacraft/shared';
import type { ResolvedFile } from '../source.ts';
import { readBytes } from './scan.ts';

export interface TextSample {
  readonly text: string;
  /** The file goes on after the sample. */
  readonly cut: boolean;
}

/** Enough for 20 000 ordinary rows; more makes the form wait, less misses rare values. */
const SAMPLE_BYTES = 4 * 1024 * 1024;

/** The beginning of a text file, decoded, without its byte order mark. */
export async function readSample(
  file: ResolvedFile,
  scan: { readonly gzip: boolean; readonly encoding: string },
  signal?: AbortSignal,
  sampleBytes: number = SAMPLE_BYTES,
): Promise<TextSample> {
  const chunks: Buffer[] = [];
  let size = 0;
  let cut = false;
  for await (const chunk of readBytes(file.path, scan.gzip, signal)) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= sampleBytes) {
      cut = true;
      break;
    }
  }
  const text = decode(Buffer.concat(chunks), scan.encoding, file.shownAs).replace(/^\ufeff/, '');
  return { text, cut };
}

export function iconvName(encoding: string, shownAs: string): string {
  const asked = encoding.trim().toLowerCase();
  // The web's reading of these labels: windows-1252 holds all of Latin-1 that is printable, and files say either.
  const name = ['latin-1', 'latin1', 'iso-8859-1', 'iso8859-1'].includes(asked) ? 'windows-1252' : asked;
  if (!iconv.encodingExists(name)) {
    throw new Fault(
      'source-unreadable',
      say(
        'encoding "{encoding}" is not known; use utf-8, latin-1, windows-1252, utf-16 or another IANA name such as shift_jis',
        { encoding },
      ),
      { file: shownAs },
    );
  }
  return name;
}

function decode(bytes: Buffer, encoding: string, shownAs: string): string {
  return iconv.decode(bytes, iconvName(encoding, shownAs));
}
