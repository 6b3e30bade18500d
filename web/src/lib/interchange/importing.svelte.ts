import type { ImportedNotebook } from '@datacraft/shared';
import { goto } from '$app/navigation';
import { api, messageOf } from '#lib/api/index.ts';
import { request } from '#lib/api/client.ts';

export const importable = '.md,.ipynb,.sql,.zip,.csv,.tsv,.json,.ndjson,.jsonl,.parquet,.xlsx';

/** A file with the folders it was handed over in. */
export interface NamedFile {
  readonly name: string;
  readonly file: File;
}

/** What is being imported, and what came of it: shown over whatever room one is in. */
class Importing {
  busy = $state<string | null>(null);
  made = $state.raw<ImportedNotebook[] | null>(null);
  failure = $state<string | null>(null);

  async start(files: readonly NamedFile[]): Promise<void> {
    const [first] = files;
    if (!first) return;
    this.dismiss();
    this.busy = files.length === 1 ? first.name : (first.name.split('/')[0] ?? first.name);
    try {
      if (files.length === 1 && first.name.endsWith('.md')) await openMarkdown(first.file);
      else this.made = await send(files);
    } catch (error) {
      this.failure = messageOf(error);
    } finally {
      this.busy = null;
    }
  }

  dismiss(): void {
    this.made = null;
    this.failure = null;
  }
}

export const importing = new Importing();

/** A notebook of ours opens at once: it says itself what it holds. */
async function openMarkdown(file: File): Promise<void> {
  const { id } = await api.importNotebook(await file.text());
  await goto(`/notebooks/${id}`);
}

async function send(files: readonly NamedFile[]): Promise<ImportedNotebook[]> {
  const body = new FormData();
  for (const { name, file } of files) body.append('file', file, name);
  const response = await request('POST', '/imports', { body });
  return ((await response.json()) as { notebooks: ImportedNotebook[] }).notebooks;
}

/** All files of a drop, those in folders by their path. The entries must be asked for before anything is awaited. */
export async function filesOfDrop(transfer: DataTransfer): Promise<NamedFile[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry());
  const plain = [...transfer.files].map((file) => ({ name: file.name, file }));
  if (!entries.some((entry) => entry?.isDirectory === true)) return plain;
  const found = await Promise.all(entries.map((entry) => (entry === null ? [] : filesBelow(entry))));
  return found.flat();
}

async function filesBelow(entry: FileSystemEntry): Promise<NamedFile[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [{ name: entry.fullPath.replace(/^\//, ''), file }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const files: NamedFile[] = [];
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (batch.length === 0) return files;
    for (const each of batch)
      if (!/^(\.|node_modules$|target$|dbt_packages$)/.test(each.name)) files.push(...(await filesBelow(each)));
  }
}
