import { formatMoment } from './format.ts';

/** A text of the server with its instants as people write them, here and now. */
export function withTimes(text: string): string {
  return text.replaceAll(/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z/g, (instant) => formatMoment(instant));
}
