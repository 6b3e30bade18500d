/** A schema as people read it. A name alone, such as `long`, is one too. */
export function laidOut(schema: string): string {
  try {
    return JSON.stringify(JSON.parse(schema), null, 2);
  } catch {
    return schema;
  }
}
