import { z } from 'zod';
import type { JsonObject } from '../../json.ts';
import type { Words } from '../../said/said.ts';
import { asSaid, say } from '../../said/said.ts';
import type { ConfigIssue } from './issue.ts';
import { word } from './schema-parts.ts';

/** Longer ones are lists in disguise. */
const PATTERN_MAX = 200;
const topicName = z.string().regex(/^[A-Za-z0-9._-]{1,249}$/, 'expected the name of a topic');
const pattern = z
  .string()
  .min(1, 'expected some text, got an empty string')
  .max(PATTERN_MAX, 'expected a pattern of at most 200 characters');

/** Which topics a Kafka source reads, by exactly one of these. */
export const topicKeys = {
  topic: word.exactOptional(),
  topics: z
    .array(topicName)
    .min(1, 'expected at least one topic')
    .max(100, 'expected at most 100 topics')
    .exactOptional(),
  topic_pattern: pattern.exactOptional(),
};

const KEYS = Object.keys(topicKeys);

export function topicRules(config: JsonObject): ConfigIssue[] {
  if (config['type'] !== 'kafka') return [];
  const [chosen, ...others] = KEYS.filter((key) => config[key] !== undefined);
  if (chosen === undefined) return missing(config);
  const conflicts = others.map((key): ConfigIssue => {
    const message = say('{chosen} and {key} stand together: keep one of them', { chosen, key });
    return { path: [key], code: 'bad-value', message };
  });
  return [...conflicts, ...patternIssues(config['topic_pattern']), ...(chosen === 'topic' ? [] : startIssues(config))];
}

function missing(config: JsonObject): ConfigIssue[] {
  // A misspelt one was said already.
  if (Object.keys(config).some((key) => key.startsWith('top'))) return [];
  const because = asSaid('say which topic to read, or topics: [a, b], or topic_pattern:');
  return [
    { path: ['topic'], code: 'missing-key', message: say('missing key "{key}": {because}', { key: 'topic', because }) },
  ];
}

/** Partitions of different topics have the same numbers. */
function startIssues({ start }: JsonObject): ConfigIssue[] {
  if (typeof start !== 'object' || start === null) return [];
  const message =
    'bad value for "start": offsets by partition are of one topic; of several, begin at earliest, latest or a time';
  return [{ path: ['start'], code: 'bad-value', message }];
}

function patternIssues(value: unknown): ConfigIssue[] {
  if (typeof value !== 'string' || value === '') return [];
  const issue = (message: Words): ConfigIssue[] => [{ path: ['topic_pattern'], code: 'bad-value', message }];
  try {
    new RegExp(`^(?:${value})$`);
  } catch {
    return issue('bad value for "topic_pattern": expected a regular expression such as orders\\..* or shop-(eu|us)');
  }
  if (goesBack(value))
    return issue(
      'bad value for "topic_pattern": a repeated group may not repeat within, nor a part refer to another; write it without, such as orders\\..*',
    );
  return [];
}

/** Whether matching may go over the same letters again and again: `(a+)+`, `(?=a)`, `\1`. */
function goesBack(pattern: string): boolean {
  const plain = pattern.replaceAll(/\\[^1-9k]/g, 'x').replaceAll(/\[[^\]]*\]/g, 'x');
  if (/\\|\(\?(?!:)/.test(plain)) return true;
  const open: boolean[] = [];
  for (const [at, letter] of [...plain].entries()) {
    if (letter === '(') open.push(false);
    else if (letter === ')') {
      const repeats = open.pop() ?? false;
      const isRepeated = /^[*+{]/.test(plain.slice(at + 1));
      if (repeats && isRepeated) return true;
      if (open.length > 0 && (repeats || isRepeated)) open[open.length - 1] = true;
    } else if (/[*+{|]/.test(letter) && open.length > 0) open[open.length - 1] = true;
  }
  return false;
}
