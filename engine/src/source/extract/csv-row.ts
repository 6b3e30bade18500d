const SPECIAL = /[",\r\n\\]/;

/** Values as a line of a table file: NULL is `\N`, other texts are quoted where they could be read as something else. */
export function csvRow(values: readonly (string | null)[]): Buffer {
  return Buffer.from(`${values.map(csvValue).join(',')}\n`);
}

function csvValue(value: string | null): string {
  if (value === null) return '\\N';
  return value === '' || SPECIAL.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
