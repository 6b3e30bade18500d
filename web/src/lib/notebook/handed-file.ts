/** A file chosen on one page for a notebook that opens on the next: kept in memory until that page takes it. */
const waiting = new Map<string, File>();

export function handOver(notebookId: string, file: File): void {
  waiting.set(notebookId, file);
}

export function takeHanded(notebookId: string): File | null {
  const file = waiting.get(notebookId) ?? null;
  waiting.delete(notebookId);
  return file;
}
