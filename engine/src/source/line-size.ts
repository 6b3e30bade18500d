const BUFFER_LEAST_BYTES = 4 * 1024 ** 2;

/**
 * Options of `read_csv` for lines of at most `longest` bytes. By itself DuckDB takes sixteen times that as a buffer for
 * each thread: more than a session may use where lines may be long.
 */
export function lineSize(longest: number): string {
  return `max_line_size = ${longest}, buffer_size = ${Math.max(2 * longest, BUFFER_LEAST_BYTES)}`;
}
