import type { TokenLimits } from '@datacraft/shared';

const MOST_PER_SECOND = 100_000;

/** The limits of two fields; null when one of them is no limit that a token can have. */
export function limitsWritten(perSecond: string, perDay: string): TokenLimits | null {
  const requestsPerSecond = numberWritten(perSecond, MOST_PER_SECOND);
  const predictionsPerDay = numberWritten(perDay, Number.MAX_SAFE_INTEGER);
  if (requestsPerSecond === undefined || predictionsPerDay === undefined) return null;
  return { requestsPerSecond, predictionsPerDay };
}

function numberWritten(written: string, most: number): number | null | undefined {
  const text = written.trim();
  if (text === '') return null;
  return /^[1-9]\d*$/.test(text) && Number(text) <= most ? Number(text) : undefined;
}
