import type { ChartTheme, ColorScope } from './colors.ts';
import type { Format } from './format.ts';
import type { ChartRows } from './rows.ts';
import { numberOf, type Series } from './series.ts';

interface Flow {
  readonly source: string;
  readonly target: string;
  readonly value: number;
}

export function flowsOf({ rows }: ChartRows): Flow[] {
  return rows.flatMap((row) => {
    const value = numberOf(row['y0']);
    return value === null ? [] : [{ source: String(row['x']), target: String(row['target']), value }];
  });
}

/** Flows as a series, for what is said of a picture in words. */
export function flowSeries(data: ChartRows, name: string, color: string): Series[] {
  const points = data.rows.map((row) => ({
    x: `${String(row['x'])} → ${String(row['target'])}`,
    y: numberOf(row['y0']),
    row,
  }));
  return points.length === 0 ? [] : [{ name, color, points }];
}

/** Whether one could go round in a circle, which no picture from left to right can show. */
function isCircular(flows: readonly Flow[]): boolean {
  const next = Map.groupBy(flows, ({ source }) => source);
  const done = new Set<string>();
  const under = new Set<string>();
  const visit = (name: string): boolean => {
    if (under.has(name)) return true;
    if (done.has(name)) return false;
    under.add(name);
    const found = (next.get(name) ?? []).some(({ target }) => visit(target));
    under.delete(name);
    done.add(name);
    return found;
  };
  return [...next.keys()].some(visit);
}

/** A name that is both ends of flows is one node, unless flows go in a circle: then its ends are apart. */
export function sankeyOption(
  data: ChartRows,
  theme: ChartTheme,
  colors: ColorScope,
  format: Format,
): Record<string, unknown> {
  const flows = flowsOf(data);
  const apart = isCircular(flows);
  const end = (name: string, side: 'from' | 'to') => (apart ? `${side}\u0000${name}` : name);
  const links = flows.map(({ source, target, value }) => ({
    source: end(source, 'from'),
    target: end(target, 'to'),
    value,
  }));
  const names = [...new Set(links.flatMap(({ source, target }) => [source, target]))];
  const shown = (name: string) => name.replace(/^(from|to)\u0000/, '');
  return {
    series: [
      {
        type: 'sankey',
        left: 4,
        right: 120,
        top: 8,
        bottom: 8,
        nodeWidth: 10,
        nodeGap: 8,
        draggable: false,
        emphasis: { disabled: true },
        label: { color: theme.text2, fontSize: 11, formatter: ({ name }: { name: string }) => shown(name) },
        edgeLabel: { show: false },
        lineStyle: { color: 'source', opacity: 0.28, curveness: 0.5 },
        data: names.map((name) => {
          const place = colors.placeOf(shown(name));
          return {
            name,
            itemStyle: { color: place === null ? theme.muted : theme.categories[place - 1], borderWidth: 0 },
          };
        }),
        links: links.map((link) => ({ ...link, value: link.value, name: format(link.value) })),
      },
    ],
  };
}
