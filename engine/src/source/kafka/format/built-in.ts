import { isFault, say } from '@datacraft/shared';
import type { SchemaBook } from '../../source.ts';
import type { Registry } from './registry.ts';
import { Undecodable } from './undecodable.ts';

/** The registry of this installation, asked without a network. */
export function builtInRegistry(schemas: SchemaBook): Registry {
  const known = new Map<number, ReturnType<Registry['byId']>>();
  return {
    byId(id) {
      const before = known.get(id);
      if (before) return before;
      const asked = schemas.byId(id).catch((error: unknown) => {
        if (!isFault(error, 'not-found')) throw error;
        throw new Undecodable(say('its schema {id} is not in the built-in registry', { id: String(id) }), {
          cause: error,
        });
      });
      known.set(id, asked);
      asked.catch(() => known.delete(id));
      return asked;
    },
    register: (subject, schema, schemaType = 'AVRO') =>
      schemas.register(subject, { schema, schemaType, references: [] }),
  };
}
