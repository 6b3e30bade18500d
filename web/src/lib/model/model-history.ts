/** What became of each version of a model: what trained it, how it did beside the champion, who made it the champion. Pure. */
import type { ModelInfo, ModelVersion } from '@datacraft/shared';
import { hasWon } from '@datacraft/shared';

/** How a version did by the rule of its cell, beside the version that answered then. */
export interface Judged {
  readonly metric: string;
  readonly own: number;
  readonly other: number;
  readonly against: number;
  readonly margin: number;
}

export type Verdict =
  { readonly kind: 'first' | 'newest' | 'waits' } | ({ readonly kind: 'won' | 'kept' | 'proposed' } & Judged);

export type HistoryEntry =
  | {
      readonly kind: 'trained';
      readonly at: string;
      readonly version: number;
      readonly run: ModelVersion['run'];
      readonly author: string | null;
      readonly verdict: Verdict;
    }
  | {
      readonly kind: 'promoted';
      readonly at: string;
      readonly version: number;
      readonly replaced: number;
      readonly by: string | null;
    };

type Known = Pick<ModelInfo, 'versions' | 'promotions'>;

/** The latest first. A promotion by rule is told with the training that won it. */
export function historyOf({ versions, promotions }: Known): HistoryEntry[] {
  const trained = versions.map((each): HistoryEntry => ({
    kind: 'trained',
    at: each.createdAt,
    version: each.version,
    run: each.run,
    author: each.author,
    verdict: verdictOf(each, promotions),
  }));
  const byPeople = promotions.flatMap(({ version, replaced, by, at }): HistoryEntry[] =>
    replaced === null || by === null ? [] : [{ kind: 'promoted', at, version, replaced, by }],
  );
  return [...byPeople, ...trained].toSorted((one, other) => Date.parse(other.at) - Date.parse(one.at));
}

function verdictOf(version: ModelVersion, promotions: Known['promotions']): Verdict {
  const own = promotions.filter((each) => each.version === version.version);
  if (own.some((each) => each.replaced === null)) return { kind: 'first' };
  const { promote, champion, metrics } = version;
  if (version.task === 'forecast' && own.some((each) => each.by === null)) return { kind: 'newest' };
  const [value, other] = promote === null ? [] : [metrics[promote.metric], champion?.metrics[promote.metric]];
  if (promote === null || champion === null || typeof value !== 'number' || typeof other !== 'number')
    return { kind: 'waits' };
  const { metric, margin = 0, mode } = promote;
  const judged = { metric, own: value, other, against: champion.version, margin };
  if (own.some((each) => each.by === null)) return { kind: 'won', ...judged };
  const isProposed = mode === 'propose' && hasWon(promote, metrics, champion.metrics);
  return { kind: isProposed ? 'proposed' : 'kept', ...judged };
}
