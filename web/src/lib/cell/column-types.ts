/** `{ id: integer, total: decimal(12,2) }` as people type it in one field: `id: integer, total: decimal(12,2)`. */
import type { Json } from '@datacraft/shared';

export function typesAsText(value: Json | undefined): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return '';
  return Object.entries(value)
    .map(([name, type]) => `${name}: ${String(type)}`)
    .join(', ');
}

/** What has no colon is kept as a column without a type, so that it is said to be wrong where people see it. */
export function typesOfText(text: string): Record<string, string> | undefined {
  const parts = text.split(/,(?![^(<[]*[)>\]])/).filter((part) => part.trim() !== '');
  if (parts.length === 0) return undefined;
  return Object.fromEntries(
    parts.map((part) => {
      const [name = '', ...type] = part.split(':');
      return [name.trim(), type.join(':').trim()];
    }),
  );
}
