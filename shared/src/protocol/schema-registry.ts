/** What new versions of a subject have to keep. */
export const compatibilities = [
  'NONE',
  'BACKWARD',
  'BACKWARD_TRANSITIVE',
  'FORWARD',
  'FORWARD_TRANSITIVE',
  'FULL',
  'FULL_TRANSITIVE',
] as const;
export type Compatibility = (typeof compatibilities)[number];

/** GET /schema-subjects (array): a subject of the built-in schema registry with its newest version. */
export interface SchemaSubject {
  subject: string;
  version: number;
  /** How many versions it has. */
  versions: number;
  id: number;
  schemaType: string;
  schema: string;
  /** What new versions have to keep; null: what holds for all. */
  compatibility: Compatibility | null;
  by: string | null;
  at: string;
}
