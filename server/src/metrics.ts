/** A small Prometheus registry: counters, gauges read on demand, one histogram shape. */
export interface Metrics {
  count(name: string, labels?: Labels, by?: number): void;
  observe(name: string, labels: Labels, seconds: number): void;
  /** `read` is called at each scrape. */
  gauge(name: string, help: string, read: () => number): void;
  text(): string;
}
export type Labels = Readonly<Record<string, string | number>>;

const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

interface Histogram {
  readonly counts: number[];
  sum: number;
  total: number;
}

export function createMetrics(): Metrics {
  const counters = new Map<string, Map<string, number>>();
  const histograms = new Map<string, Map<string, Histogram>>();
  const gauges = new Map<string, { help: string; read: () => number }>();
  return {
    count(name, labels = {}, by = 1) {
      const series = seriesOf(counters, name);
      const key = labelText(labels);
      series.set(key, (series.get(key) ?? 0) + by);
    },
    observe(name, labels, seconds) {
      const series = seriesOf(histograms, name);
      const key = labelText(labels);
      const histogram = series.get(key) ?? { counts: BUCKETS.map(() => 0), sum: 0, total: 0 };
      BUCKETS.forEach((bound, index) => {
        if (seconds <= bound) histogram.counts[index] = (histogram.counts[index] ?? 0) + 1;
      });
      histogram.sum += seconds;
      histogram.total += 1;
      series.set(key, histogram);
    },
    gauge(name, help, read) {
      gauges.set(name, { help, read });
    },
    text() {
      return [...counterLines(counters), ...histogramLines(histograms), ...gaugeLines(gauges), ''].join('\n');
    },
  };
}

function seriesOf<Value>(map: Map<string, Map<string, Value>>, name: string): Map<string, Value> {
  const series = map.get(name) ?? new Map<string, Value>();
  map.set(name, series);
  return series;
}

function labelText(labels: Labels): string {
  return Object.entries(labels)
    .map(
      ([name, value]) =>
        `${name}="${String(value).replace(/["\\\n]/g, (char) => (char === '\n' ? '\\n' : `\\${char}`))}"`,
    )
    .join(',');
}

function counterLines(counters: ReadonlyMap<string, ReadonlyMap<string, number>>): string[] {
  return [...counters].flatMap(([name, series]) => [
    `# TYPE ${name} counter`,
    ...[...series].map(([labels, value]) => `${name}${labels === '' ? '' : `{${labels}}`} ${value}`),
  ]);
}

function histogramLines(histograms: ReadonlyMap<string, ReadonlyMap<string, Histogram>>): string[] {
  return [...histograms].flatMap(([name, series]) => [
    `# TYPE ${name} histogram`,
    ...[...series].flatMap(([labels, histogram]) => {
      const prefix = labels === '' ? '' : `${labels},`;
      const buckets = BUCKETS.map(
        (bound, index) => `${name}_bucket{${prefix}le="${bound}"} ${histogram.counts[index] ?? 0}`,
      );
      const suffix = labels === '' ? '' : `{${labels}}`;
      return [
        ...buckets,
        `${name}_bucket{${prefix}le="+Inf"} ${histogram.total}`,
        `${name}_sum${suffix} ${histogram.sum}`,
        `${name}_count${suffix} ${histogram.total}`,
      ];
    }),
  ]);
}

function gaugeLines(gauges: ReadonlyMap<string, { help: string; read: () => number }>): string[] {
  return [...gauges].flatMap(([name, { help, read }]) => [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} gauge`,
    `${name} ${read()}`,
  ]);
}

/** What every process tells about itself. */
export function registerProcessMetrics(metrics: Metrics): void {
  metrics.gauge('process_resident_memory_bytes', 'Resident memory', () => process.memoryUsage.rss());
  metrics.gauge('process_heap_bytes', 'JavaScript heap in use', () => process.memoryUsage().heapUsed);
  metrics.gauge('process_uptime_seconds', 'Seconds since start', () => process.uptime());
  metrics.gauge('process_cpu_seconds', 'User and system time', () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
}
