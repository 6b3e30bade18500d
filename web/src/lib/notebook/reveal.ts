/** Brings a cell into view; by default without moving what is already seen. */
export function reveal(id: string, block: 'nearest' | 'start' = 'nearest'): void {
  document.getElementById(`cell-${id}`)?.scrollIntoView({ block });
}
