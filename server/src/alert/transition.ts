/**
 * How what a rule sees becomes alerts: pending, firing, resolved.
 *
 * A1  One thing has one live alert: what is seen again under the same key is the same alert.
 * A2  It fires when it was seen for as long as the rule says, and is resolved when it is not seen any more.
 * A3  What is pending and not seen any more leaves no trace: nobody was told.
 */
import type { AlertFacts, Words } from '@datacraft/shared';

export interface Observation {
  /** What it is about, among the things of this rule. */
  readonly key: string;
  /** What alerts have in common that are told once. */
  readonly cause: string;
  readonly title: Words;
  readonly summary: Words;
  readonly facts: AlertFacts;
  readonly link: string | null;
}

export interface LiveAlert {
  readonly id: string;
  readonly key: string;
  readonly state: 'pending' | 'firing';
  readonly startedAt: Date;
}

export interface Change {
  readonly begin: readonly { readonly seen: Observation; readonly fires: boolean }[];
  readonly fire: readonly { readonly alert: LiveAlert; readonly seen: Observation }[];
  readonly keep: readonly { readonly alert: LiveAlert; readonly seen: Observation }[];
  readonly resolve: readonly LiveAlert[];
  readonly forget: readonly LiveAlert[];
}

export function transition(
  live: readonly LiveAlert[],
  seen: readonly Observation[],
  now: Date,
  forSeconds: number,
): Change {
  const byKey = new Map(seen.map((each) => [each.key, each]));
  const known = new Set(live.map((alert) => alert.key));
  const still = live.flatMap((alert) => {
    const again = byKey.get(alert.key);
    return again === undefined ? [] : [{ alert, seen: again }];
  });
  const isDue = (alert: LiveAlert) =>
    alert.state === 'pending' && now.getTime() - alert.startedAt.getTime() >= forSeconds * 1_000;
  const gone = live.filter((alert) => !byKey.has(alert.key));
  return {
    begin: [...byKey.values()]
      .filter((each) => !known.has(each.key))
      .map((each) => ({ seen: each, fires: forSeconds === 0 })),
    fire: still.filter(({ alert }) => isDue(alert)),
    keep: still.filter(({ alert }) => !isDue(alert)),
    resolve: gone.filter((alert) => alert.state === 'firing'),
    forget: gone.filter((alert) => alert.state === 'pending'),
  };
}
