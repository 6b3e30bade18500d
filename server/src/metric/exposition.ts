/** What Prometheus reads: families of samples, as text. */
export type Labels = Readonly<Record<string, string | number>>;

export interface Sample {
  /** The family's name, or that with `_bucket`, `_sum`, `_count`. */
  readonly name: string;
  readonly labels: Labels;
  readonly value: number;
}

export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly samples: readonly Sample[];
}

/** One family of one-number samples: `[labels, value]`. */
export function family(
  name: string,
  type: 'counter' | 'gauge',
  help: string,
  values: readonly (readonly [Labels, number])[],
): Family {
  return { name, type, help, samples: values.map(([labels, value]) => ({ name, labels, value })) };
}

export function expositionOf(families: readonly Family[]): string {
  return families
    .flatMap(({ name, help, type, samples }) => [
      `# HELP ${name} ${escaped(help).replaceAll('\\"', '"')}`,
      `# TYPE ${name} ${type}`,
      ...samples.map((sample) => `${sample.name}${labelText(sample.labels)} ${valueText(sample.value)}`),
    ])
    .concat('')
    .join('\n');
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(String(value))}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escaped(text: string): string {
  return text.replaceAll(/["\\\n]/g, (char) => (char === '\n' ? '\\n' : `\\${char}`));
}

function valueText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (Number.isFinite(value)) return String(value);
  return value > 0 ? '+Inf' : '-Inf';
}
