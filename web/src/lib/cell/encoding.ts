import type { Json } from '@datacraft/shared';

/** The column of an encoding in either of its forms. */
export function encodingColumn(encoding: Json | undefined): string {
  if (typeof encoding === 'string') return encoding;
  if (typeof encoding === 'object' && encoding !== null && 'column' in encoding) return String(encoding.column);
  return '';
}

/** Another column, the rest of the encoding as it was. */
export function withColumn(encoding: Json | undefined, column: string): Json | undefined {
  if (column === '') return undefined;
  if (typeof encoding === 'object' && encoding !== null && 'column' in encoding) return { ...encoding, column };
  return column;
}
