const columns: Record<string, readonly string[]> = {
  unnest: ['unnest'],
  range: ['range'],
  generate_series: ['generate_series'],
  repeat: ['repeat'],
  json_each: ['key', 'value', 'type', 'atom', 'id', 'parent', 'fullkey', 'path', 'json', 'root'],
  json_tree: ['key', 'value', 'type', 'atom', 'id', 'parent', 'fullkey', 'path', 'json', 'root'],
  icu_calendar_names: ['name'],
  pg_timezone_names: ['name', 'abbrev', 'utc_offset', 'is_dst'],
};

/** The columns of the table functions that a cell may call. */
export function columnsOfFunction(name: string, withOrdinality: boolean, gaps: Set<string>): readonly string[] {
  const known = columns[name.toLowerCase()];
  if (known === undefined) gaps.add(`the columns of the table function \`${name}\` are not known`);
  return [...(known ?? []), ...(withOrdinality ? ['ordinality'] : [])];
}
