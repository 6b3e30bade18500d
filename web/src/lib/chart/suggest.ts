import type { ChartSpec, Column } from '@datacraft/shared';

type Kind = 'number' | 'time' | 'text' | 'other';

function kindOf(type: string): Kind {
  if (/\[\d*\]$/.test(type)) return 'other';
  if (/^(DATE|TIMESTAMP)/.test(type)) return 'time';
  if (/^(U?(TINY|SMALL|BIG|HUGE)?INT|DECIMAL|DOUBLE|FLOAT|REAL|NUMERIC)/.test(type)) return 'number';
  return /^(VARCHAR|ENUM|BOOLEAN)/.test(type) ? 'text' : 'other';
}

/** An identifier is a number that nobody sums. */
function isKey(name: string): boolean {
  return /(^|_)(id|key|code|zip|cep|cpf|cnpj|year|ano)$/i.test(name);
}

/** Charts that make sense of these columns, best first. With `chosen`, all of them show that column. */
export function suggestCharts(from: string, columns: readonly Column[], chosen: string | null = null): ChartSpec[] {
  const of = (kind: Kind) => columns.filter((column) => kindOf(column.type) === kind);
  const numbers = of('number').filter((column) => !isKey(column.name));
  const focus = columns.find((column) => column.name === chosen) ?? null;
  const first = (list: readonly Column[], kind: Kind) =>
    focus && kindOf(focus.type) === kind ? focus.name : list[0]?.name;
  const time = first(of('time'), 'time');
  const measure = first(numbers, 'number');
  const category = first(of('text'), 'text');
  const charts: ChartSpec[] = [];
  if (time !== undefined)
    charts.push({ from, type: 'line', x: { column: time, bucket: 'day' }, ...(measure ? { y: measure } : {}) });
  if (category !== undefined) charts.push({ from, type: 'bar', x: category, ...(measure ? { y: measure } : {}) });
  if (time !== undefined && category !== undefined) {
    charts.push({
      from,
      type: 'bar',
      x: { column: time, bucket: 'month' },
      ...(measure ? { y: measure } : {}),
      color: category,
      stack: true,
    });
  }
  if (measure !== undefined) charts.push({ from, type: 'histogram', x: measure });
  const [a, b] = numbers;
  if (a && b) charts.push({ from, type: 'scatter', x: a.name, y: b.name, ...(category ? { color: category } : {}) });
  if (category !== undefined && measure !== undefined) charts.push({ from, type: 'boxplot', x: category, y: measure });
  if (measure !== undefined) charts.push({ from, type: 'metric', value: measure });
  const fits =
    focus === null ? charts : charts.filter((chart) => JSON.stringify(chart).includes(JSON.stringify(focus.name)));
  return fits.length > 0 ? fits : [{ from, type: 'table' }];
}
