/**
 * Whether what is written by one schema can be read by another, for Avro and JSON Schema. Pure.
 *
 * C1  What is said to be incompatible is told by the path of the field; what a rule does not know is incompatible.
 */
import type { Compatibility } from '@datacraft/shared';
import { avroProblems } from './avro-reading.ts';
import { jsonProblems } from './json-reading.ts';

export const schemaTypes = ['AVRO', 'JSON'] as const;
export type SchemaType = (typeof schemaTypes)[number];

export interface TypedSchema {
  readonly schema: string;
  readonly schemaType: SchemaType;
}

/** Why `next` may not follow `earlier`, oldest first; empty when it may. */
export function incompatibilities(
  next: TypedSchema,
  earlier: readonly TypedSchema[],
  compatibility: Compatibility,
): string[] {
  if (compatibility === 'NONE') return [];
  const compared = compatibility.endsWith('_TRANSITIVE') ? earlier : earlier.slice(-1);
  return compared.flatMap((before) => {
    if (before.schemaType !== next.schemaType)
      return [`the subject holds ${before.schemaType}, not ${next.schemaType}`];
    const problems = next.schemaType === 'AVRO' ? avroProblems : jsonProblems;
    const backward = compatibility.startsWith('FORWARD') ? [] : problems(next.schema, before.schema);
    const forward = compatibility.startsWith('BACKWARD') ? [] : problems(before.schema, next.schema);
    return [
      ...backward.map((problem) => `what was written before cannot be read any more: ${problem}`),
      ...forward.map((problem) => `who has the schema before cannot read what is written now: ${problem}`),
    ];
  });
}
