import { Fault, say } from '@datacraft/shared';

/** Names differ here in more than case; over there they need not. */
export function refuseSameNames(fields: readonly { readonly name: string }[]): void {
  const seen = new Set<string>();
  for (const { name } of fields) {
    const key = name.toLowerCase();
    if (seen.has(key))
      throw new Fault('source-unreadable', say('two columns are named {name}; name them apart in query:', { name }), {
        columnName: name,
      });
    seen.add(key);
  }
}
