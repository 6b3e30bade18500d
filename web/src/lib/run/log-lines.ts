import type { LogLine } from '@datacraft/shared';

/** With those that are new, in order: of two questions that were under way at once, the later answer has the same lines. */
export function withNew(lines: readonly LogLine[], found: readonly LogLine[]): readonly LogLine[] {
  const last = BigInt(lines.at(-1)?.id ?? '0');
  const fresh = found.filter(({ id }) => BigInt(id) > last);
  return fresh.length === 0 ? lines : [...lines, ...fresh];
}
