import { createContext, Script } from 'node:vm';
import { Fault, say } from '@datacraft/shared';

/** Thousands of names take a few ms; a pattern that takes longer goes back over the same letters again and again. */
const MATCH_MS = 500;
const match = new Script('names.filter((name) => new RegExp(`^(?:${pattern})$`).test(name))');

/** Those whose whole name the pattern matches, by name. Topics that brokers keep for themselves are not among them. */
export function matchingTopics(pattern: string, names: readonly string[]): string[] {
  const own = names.filter((name) => !name.startsWith('__')).toSorted();
  try {
    const found = match.runInContext(createContext({ names: own, pattern }), { timeout: MATCH_MS }) as string[];
    return [...found];
  } catch (error) {
    throw new Fault(
      'bad-request',
      say('topic_pattern: {pattern} cannot be matched with {count} topics in half a second; write a simpler one', {
        pattern,
        count: String(own.length),
      }),
      undefined,
      { cause: error },
    );
  }
}
