/** Brings a cell into view without moving what is already seen. */
export function reveal(id: string): void {
  document.getElementById(`cell-${id}`)?.scrollIntoView({ block: 'nearest' });
}
