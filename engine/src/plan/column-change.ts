import type { ColumnChange } from '@datacraft/shared';

interface Known {
  readonly name: string;
  readonly type: string | null;
}

/** What changes for readers by name and type; types that are not known count as unchanged. */
export function columnChange(before: readonly Known[], after: readonly Known[]): ColumnChange {
  const old = new Map(before.map(({ name, type }) => [name, type]));
  const now = new Map(after.map(({ name, type }) => [name, type]));
  const retyped = [...now].filter(([name, type]) => {
    const was = old.get(name);
    return type !== null && was !== undefined && was !== null && was !== type;
  });
  return {
    added: [...now.keys()].filter((name) => !old.has(name)),
    removed: [...old.keys()].filter((name) => !now.has(name)),
    retyped: retyped.map(([name]) => name),
  };
}

/** `layer.name.column` of what readers could no longer rely on. */
export function lostOf(relation: string, { removed, retyped }: Pick<ColumnChange, 'removed' | 'retyped'>): string[] {
  return [...removed, ...retyped].map((column) => `${relation}.${column}`);
}
