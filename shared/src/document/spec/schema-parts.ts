import { z } from 'zod';
import { layers } from '../../relation/relation.ts';

/** Pieces that the schemas of several kinds share. */
export const text = z.string();
export const word = z.string().min(1, 'expected some text, got an empty string');
export const count = z.int().min(0, 'expected a whole number of at least 0');
export const layer = z.enum(layers);
export const names = z.union([word, z.array(word).min(1, 'expected at least one name')]);
export const tags = z.array(word);
/** Column name to DuckDB type. */
export const columnTypes = z.record(word, word);
export const duration = z.union([z.int().min(0), word]);

/** `10 seconds`, `2h`, `1 day`. */
export const span = z
  .string()
  .regex(
    /^\d+(\.\d+)?\s*(ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hours?|d|days?|w|weeks?|months?|years?)$/i,
    'expected a length of time such as 10 seconds, 2 hours or 1 day',
  );
