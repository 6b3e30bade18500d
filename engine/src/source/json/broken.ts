import { Fault, say } from '@datacraft/shared';
import { readBytes } from '../csv/scan.ts';
import type { ResolvedFile } from '../source.ts';

/** Above this a document is not parsed a second time for the sake of a better message. */
const PARSE_MAX_BYTES = 256 * 1024 * 1024;

/** Says where a JSON document breaks; null when it does not, or when it is too large to tell. */
export async function findBreak(file: ResolvedFile, gzip: boolean, signal?: AbortSignal): Promise<Fault | null> {
  if (file.sizeBytes > PARSE_MAX_BYTES) return null;
  const chunks: Buffer[] = [];
  for await (const chunk of readBytes(file.path, gzip, signal)) chunks.push(chunk);
  const text = Buffer.concat(chunks)
    .toString('utf8')
    .replace(/^\ufeff/, '');
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return brokenAt(file, text, error);
  }
}

function brokenAt(file: ResolvedFile, text: string, error: unknown): Fault {
  const message = error instanceof Error ? error.message : String(error);
  const position = Number(/at position (\d+)/.exec(message)?.[1] ?? text.length);
  const before = text.slice(0, position);
  const line = before.split('\n').length;
  const column = position - before.lastIndexOf('\n');
  const reason =
    position >= text.length ? 'the document ends too early' : `unexpected ${JSON.stringify(text[position])}`;
  return new Fault(
    'source-unreadable',
    say('{shownAs} is not valid JSON: {reason} at line {line}, column {column}; mend the file there', {
      shownAs: file.shownAs,
      reason,
      line,
      column,
    }),
    { file: file.shownAs, fileLine: line, fileColumn: column },
    { cause: error },
  );
}
