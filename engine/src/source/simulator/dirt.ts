import type { Random } from './random.ts';
import type { RowContext, Template, TemplateColumn } from './template.ts';

/**
 * Makes a row wrong in one of the ways real data is: an absurd value, a missing one, a row sent twice, text decoded
 * with the wrong encoding, an event that comes late, and (when such rows are set aside) a row that cannot be read.
 */
export function soil(
  row: string[],
  previous: readonly string[] | null,
  timeMs: number,
  template: Template,
  context: RowContext,
): string[] {
  const { random } = context;
  const kinds = context.settings.malformed ? 6 : 5;
  switch (random.between(1, kinds)) {
    case 1:
      return replaced(row, columnOf(template, 'number', random), random.pick(['-1', '0', '999999']));
    case 2:
      return replaced(row, random.between(1, row.length - 1), '');
    case 3:
      return previous ? [...previous] : replaced(row, columnOf(template, 'number', random), '-1');
    case 4: {
      const index = columnOf(template, 'text', random);
      // What `é` looks like after UTF-8 bytes were taken for Latin-1, on a word that always has one.
      return replaced(row, index, Buffer.from(`${row[index] ?? ''} é`, 'utf8').toString('latin1'));
    }
    case 5:
      return replaced(
        row,
        columnOf(template, 'time', random),
        context.timeText(timeMs - random.between(1, 72) * 3_600_000),
      );
    default:
      return random.next() < 0.5
        ? replaced(row, columnOf(template, 'number', random), random.pick(['abc', 'n/a', '12,5x', '#REF!']))
        : row.slice(0, random.between(1, row.length - 1));
  }
}

function replaced(row: readonly string[], index: number, value: string): string[] {
  return row.map((old, at) => (at === index ? value : old));
}

/** A column of that role; a template without one offers its key, so that a customer's id may be absurd. */
function columnOf(template: Template, role: TemplateColumn['role'], random: Random): number {
  const indexes = template.columns.flatMap((column, index) => (column.role === role ? [index] : []));
  return indexes.length === 0 ? 0 : random.pick(indexes);
}
