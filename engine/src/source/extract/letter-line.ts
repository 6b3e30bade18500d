/**
 * A message in the line of its record: as it came, with where it was behind its last field. Nothing is kept beside it;
 * what proves bad is taken out of its line again.
 */
import { quoteText } from '../sql-text.ts';

export interface PlaceInLine {
  /** As text; bytes that are no UTF-8 cannot be found again. */
  readonly key: string | null;
  readonly partition: number;
  readonly offset: string | null;
  /** ISO 8601. */
  readonly time: string;
  /** Only where rows say it. */
  readonly topic?: string;
}

/** Of a JSON object on one line, none of whose names is one of the place, which `placeText` wrote. */
export function lineWith(text: string, place: string): string {
  return `${text.slice(0, -1)}${text.length > 2 ? ',' : ''}${place}`;
}

/** The end of the object. */
export function placeText({ key, partition, offset, time, topic }: PlaceInLine): string {
  const shownKey = key === null ? 'null' : JSON.stringify(key);
  const shownTopic = topic === undefined ? '' : `,"_topic":${JSON.stringify(topic)}`;
  return `"_key":${shownKey},"_partition":${partition},"_offset":${offset},"_timestamp":"${time}"${shownTopic}}`;
}

/** Columns of letters by the line of their record: `l`, of a message of this topic whose text had a field. */
export function letterInLine(topic: string): Readonly<Record<string, string>> {
  // Within a text its quotes would be escaped: the last of these is the one that `lineWith` wrote.
  const part = (of: 1 | 2) => `regexp_extract(l, ${quoteText('^(.*),("_key":.*)$')}, ${of})`;
  const at = (name: string) => `json_extract_string('{' || ${part(2)}, ${quoteText(`$.${name}`)})`;
  return {
    topic: quoteText(topic),
    partition: `${at('_partition')}::bigint`,
    offset: `${at('_offset')}::bigint`,
    ms: `epoch_ms(${at('_timestamp')}::timestamp)`,
    key: `encode(${at('_key')})`,
    bytes: `encode(${part(1)} || '}')`,
  };
}
