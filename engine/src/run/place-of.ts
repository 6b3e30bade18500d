import type { SourceSpec } from '@datacraft/shared';
import { canonicalJson } from '../compile/meaning.ts';

/**
 * Of a source that can be a stream: what it reads, without how. While this is the same, a stream goes on where it was
 * although the text of its cell was changed, and what was set aside can be read again. Null of other sources.
 */
export function placeOf(spec: SourceSpec): string | null {
  switch (spec.type) {
    case 'kafka':
      return canonicalJson({
        type: spec.type,
        topic: spec.topic,
        topics: spec.topics && [...spec.topics].toSorted(),
        topic_pattern: spec.topic_pattern,
      });
    case 'webhook':
      return canonicalJson({ type: spec.type });
    case 'simulator':
      return canonicalJson({ type: spec.type, template: spec.template, seed: spec.seed, rate: spec.rate });
    default:
      return null;
  }
}
