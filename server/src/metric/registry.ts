/**
 * Counters, histograms and gauges of this process.
 *
 * R1  Every label has few values: states, kinds and routes, never ids or what people typed. Models and their versions are
 *     named in series of their own, which strangers are not told (`naming`).
 * R2  A family knows its help text before it is counted; what is counted without one is named for what it is.
 */
import type { Family, Labels, Sample } from './exposition.ts';

export interface Metrics {
  count(name: string, labels?: Labels, by?: number): void;
  /** `bounds` are taken from the first observation of a name. */
  observe(name: string, labels: Labels, seconds: number, bounds?: readonly number[]): void;
  /** `read` is called at each scrape. A name that ends in `_total` is a counter that its owner keeps. */
  gauge(name: string, help: string, read: () => number): void;
  families(): Family[];
}

/** Series that name what people made. */
export const naming: ReadonlySet<string> = new Set(['datacraft_model_predictions_total']);

const REQUEST_BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

const helps: Readonly<Record<string, string>> = {
  datacraft_http_requests_total: 'Requests answered',
  datacraft_http_request_seconds: 'From a request to its answer',
  datacraft_sync_refused_total: 'Messages of sockets that were refused',
  datacraft_rooms_loaded_total: 'Documents loaded from the log',
  datacraft_runs_finished_total: 'Runs that ended, of every process on this database',
  datacraft_run_seconds: 'From the start of a run to its end',
  datacraft_run_wait_seconds: 'From asking for a run to its start',
  datacraft_tasks_finished_total: 'Cells of runs that ended',
  datacraft_task_seconds: 'Work on one cell',
  datacraft_rows_written_total: 'Rows written by cells of runs',
  datacraft_rows_rejected_total: 'Rows set aside by rejects and expectations',
  datacraft_bytes_written_total: 'Bytes written by cells of runs',
  datacraft_checks_total: 'Judged expectations of runs',
  datacraft_online_reads_total: 'Look-ups of online features, by what answered',
  datacraft_online_copies_total: 'Times that Redis was brought to the state of a feature table',
  datacraft_predictions_total:
    'Rows that models scored, by who answered: champion, canary, or a version that was asked for',
  datacraft_model_predictions_total: 'Rows that a version of a model scored',
  datacraft_alert_deliveries_total: 'Messages to channels of alerts',
};

interface Histogram {
  readonly labels: Labels;
  readonly counts: number[];
  sum: number;
  total: number;
}

export function createMetrics(): Metrics {
  const counters = new Map<string, Map<string, { labels: Labels; value: number }>>();
  const histograms = new Map<string, { bounds: readonly number[]; series: Map<string, Histogram> }>();
  const gauges = new Map<string, { help: string; read: () => number }>();
  return {
    count(name, labels = {}, by = 1) {
      const series = counters.get(name) ?? new Map<string, { labels: Labels; value: number }>();
      counters.set(name, series);
      const key = JSON.stringify(labels);
      series.set(key, { labels, value: (series.get(key)?.value ?? 0) + by });
    },
    observe(name, labels, seconds, given = REQUEST_BOUNDS) {
      const { bounds, series } = histograms.get(name) ?? { bounds: given, series: new Map<string, Histogram>() };
      histograms.set(name, { bounds, series });
      const key = JSON.stringify(labels);
      const histogram = series.get(key) ?? { labels, counts: bounds.map(() => 0), sum: 0, total: 0 };
      bounds.forEach((bound, index) => {
        if (seconds <= bound) histogram.counts[index] = (histogram.counts[index] ?? 0) + 1;
      });
      histogram.sum += seconds;
      histogram.total += 1;
      series.set(key, histogram);
    },
    gauge(name, help, read) {
      gauges.set(name, { help, read });
    },
    families() {
      const counted = [...counters].map(([name, series]): Family => {
        const samples = [...series.values()].map(({ labels, value }) => ({ name, labels, value }));
        return { name, type: 'counter', help: helps[name] ?? name, samples };
      });
      const observed = [...histograms].map(([name, { bounds, series }]): Family => {
        const samples = [...series.values()].flatMap((histogram) => samplesOf(name, bounds, histogram));
        return { name, type: 'histogram', help: helps[name] ?? name, samples };
      });
      const read = [...gauges].map(([name, gauge]): Family => {
        const samples = [{ name, labels: {}, value: gauge.read() }];
        return { name, type: name.endsWith('_total') ? 'counter' : 'gauge', help: gauge.help, samples };
      });
      return [...counted, ...observed, ...read];
    },
  };
}

function samplesOf(name: string, bounds: readonly number[], { labels, counts, sum, total }: Histogram): Sample[] {
  return [
    ...bounds.map((bound, index) => ({
      name: `${name}_bucket`,
      labels: { ...labels, le: String(bound) },
      value: counts[index] ?? 0,
    })),
    { name: `${name}_bucket`, labels: { ...labels, le: '+Inf' }, value: total },
    { name: `${name}_sum`, labels, value: sum },
    { name: `${name}_count`, labels, value: total },
  ];
}

/** What every process tells about itself. */
export function registerProcessMetrics(metrics: Metrics): void {
  metrics.gauge('process_resident_memory_bytes', 'Resident memory', () => process.memoryUsage.rss());
  metrics.gauge('process_heap_bytes', 'JavaScript heap in use', () => process.memoryUsage().heapUsed);
  metrics.gauge('process_uptime_seconds', 'Seconds since start', () => process.uptime());
  metrics.gauge('process_cpu_seconds_total', 'User and system time', () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
}
