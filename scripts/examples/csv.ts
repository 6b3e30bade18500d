/** Values that need no quotes, as CSV. */
export function csvOf(header: readonly string[], rows: readonly (readonly unknown[])[], delimiter = ','): Buffer {
  return Buffer.from([header, ...rows].map((row) => `${row.join(delimiter)}\n`).join(''));
}
