/** Types of columns over all schemas that came: what both hold, else what the newest schema says. */
export interface LearnedTypes {
  readonly known: ReadonlyMap<string, string>;
  /** Of a schema that was not seen before; ids of newer ones are higher. */
  learn(id: number, columns: ReadonlyMap<string, string>): void;
}

export function createTypes(): LearnedTypes {
  const known = new Map<string, string>();
  const from = new Map<string, number>();
  const seen = new Set<number>();
  return {
    known,
    learn(id, columns) {
      if (seen.has(id)) return;
      seen.add(id);
      for (const [name, type] of columns) {
        const before = known.get(name);
        const wider = before === undefined ? type : widerOf(before, type);
        if (wider !== null) known.set(name, wider);
        else if (id > (from.get(name) ?? -1)) known.set(name, type);
        from.set(name, Math.max(id, from.get(name) ?? -1));
      }
    },
  };
}

const widenings: readonly (readonly string[])[] = [
  ['INTEGER', 'BIGINT'],
  ['FLOAT', 'DOUBLE'],
];

/** The type that holds values of both, or null. */
function widerOf(a: string, b: string): string | null {
  if (a === b) return a;
  const row = widenings.find((types) => types.includes(a) && types.includes(b));
  return row ? (row[Math.max(row.indexOf(a), row.indexOf(b))] ?? null) : null;
}
