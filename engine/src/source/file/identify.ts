import { createHash } from 'node:crypto';
import type { IdentifiedSource, ResolvedFile, SourceContext } from '../source.ts';
import { checkContent, type FileKind } from './content-kind.ts';

/** Resolves the files of a source and refuses what is plainly another kind of file. Their content is the identity. */
export async function identifyFiles(path: string, kind: FileKind, context: SourceContext): Promise<IdentifiedSource> {
  const files = await context.resolve(path, (bytes, totalBytes) =>
    context.tellRead?.({ rows: null, bytes, totalRows: null, totalBytes }),
  );
  for (const file of files) await checkContent(file, kind);
  return { identity: identityOf(kind, files), files };
}

export function identityOf(kind: FileKind, files: readonly ResolvedFile[]): string {
  const hash = createHash('sha256').update(kind);
  for (const { shownAs, sha256 } of files) hash.update(`\0${shownAs}\0${sha256}`);
  return hash.digest('hex');
}
