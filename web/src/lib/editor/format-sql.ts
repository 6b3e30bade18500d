/** The formatter is large and seldom needed: it is loaded on first use. Null when the text does not parse. */
export async function formatSql(text: string): Promise<string | null> {
  const { formatDialect, duckdb } = await import('sql-formatter');
  try {
    return formatDialect(text, {
      dialect: duckdb,
      keywordCase: 'lower',
      dataTypeCase: 'lower',
      functionCase: 'lower',
      tabWidth: 2,
      expressionWidth: 80,
    });
  } catch {
    // An unfinished statement: the caller says so and leaves the text alone.
    return null;
  }
}
