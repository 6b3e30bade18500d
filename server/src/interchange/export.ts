import type { Compiled, Owner, QueryDeps } from '@datacraft/engine';
import { dbtProject } from '@datacraft/engine';
import type { ExportFormat, ExportContents, Notebook } from '@datacraft/shared';
import { exportFormats, Fault } from '@datacraft/shared';
import { writeZip } from './zip.ts';

export interface Exportable {
  readonly notebook: Notebook;
  readonly compiled: Compiled;
  readonly owner: Owner;
}

/** What leaves: files below a folder of its name, and what they do not hold. */
export interface Exported {
  readonly name: string;
  readonly files: ReadonlyMap<string, string | Uint8Array>;
  readonly notes: ExportContents['notes'];
}

export function exportFormatOf(text: string): ExportFormat {
  const found = exportFormats.find((format) => format === text);
  if (!found) throw new Fault('bad-request', `there is no export as "${text}"; expected ${exportFormats.join(', ')}`);
  return found;
}

/** `deps` decide whose rows go with it. */
export async function exportAs(_format: ExportFormat, what: Exportable, deps: QueryDeps): Promise<Exported> {
  return dbtProject(what, deps);
}

export function reportOf({ name, files, notes }: Exported): ExportContents {
  const sizes = [...files].map(([path, content]) => ({ path, sizeBytes: Buffer.byteLength(content) }));
  return { name, files: sizes, notes };
}

/** One file to download: the export itself, or an archive of its folder. */
export function downloadOf({ name, files }: Exported): { file: string; type: string; bytes: Buffer } {
  const inFolder = new Map([...files].map(([path, content]) => [`${name}/${path}`, content]));
  return { file: `${name}.zip`, type: 'application/zip', bytes: writeZip(inFolder) };
}
