/** A day as DuckDB writes it, without its midnight. */
export function shortTime(text: string): string {
  return text.replace(/[T ]00:00:00(\.0+)?(Z|\+00(:00)?)?$/, '');
}
