import type { JsonObject } from '../../json.ts';
import type { Words } from '../../said/said.ts';
import { say } from '../../said/said.ts';
import type { ConfigIssue } from './issue.ts';

/** What a merge is asked to do otherwise than usual must be asked of one, and deleting of one that reads all. */
export function mergeRules(config: JsonObject): ConfigIssue[] {
  const asked = [
    ...(config['insert_only'] === true ? ['insert_only'] : []),
    ...(config['unmatched'] === 'delete' ? ['unmatched'] : []),
  ];
  return asked.flatMap((key): ConfigIssue[] => {
    const message = whyNot(key, config);
    return message === null ? [] : [{ path: [key], code: 'bad-value', message }];
  });
}

function whyNot(key: string, config: JsonObject): Words | null {
  if (!merges(config))
    return say(
      'bad value for "{key}": it says how a merge writes; use materialize: incremental with strategy: merge and unique_key, or leave "{key}" out',
      { key },
    );
  if (config['refresh'] === 'streaming')
    return say(
      'bad value for "{key}": a streaming cell is made commit by commit and merges nothing; leave "{key}" out, or use refresh: auto',
      { key },
    );
  if (key === 'unmatched' && config['time_column'] !== undefined && config['start'] !== undefined)
    return 'bad value for "unmatched": with time_column and start a run reads only the intervals that it owes, so unmatched: delete would delete all others; leave "start" out, so that each run reads everything, or use unmatched: keep';
  return null;
}

function merges({ materialize, strategy, unique_key: key }: JsonObject): boolean {
  return materialize === 'incremental' && (strategy === undefined ? key !== undefined : strategy === 'merge');
}
