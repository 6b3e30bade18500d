/** Half a character in an escape is JSON to JavaScript and not to DuckDB. */
export function holdsHalf(json: string): boolean {
  return json.includes('\\u') && HALF.test(json.replaceAll('\\\\', ''));
}

const HALF = /\\u[dD][89abAB]..(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB]..)\\u[dD][c-fC-F]/;
