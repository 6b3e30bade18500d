import type { JsonSource } from '@datacraft/shared';
import type { DuckSession } from '../../duckdb/session.ts';
import { declaredTypes } from '../declared-columns.ts';
import type { IdentifiedSource } from '../source.ts';
import type { JsonColumns } from './columns.ts';
import { decideColumns } from './columns.ts';
import type { PreparedJson } from './prepare.ts';
import { readArguments } from './prepare.ts';

/**
 * A file of records that we wrote ourselves: each line is an object, and its fields are known. Null for other files, and
 * where names differ by their case alone.
 */
export async function prepareSound(
  spec: JsonSource,
  { files, lines, longestLine, hasLong = true, fields = [] }: IdentifiedSource,
  session: DuckSession,
): Promise<PreparedJson | null> {
  const [file] = files;
  if (lines === undefined || file === undefined || files.length > 1) return null;
  if (new Set(fields.map((name) => name.toLowerCase())).size < fields.length) return null;
  const decided =
    declaredColumns(spec, fields, file.shownAs) ??
    (await decideColumns(
      readArguments([file.path], 'lines', false, longestLine),
      spec,
      session,
      file.shownAs,
      hasLong,
    ));
  const sound = {
    ...decided,
    files: [{ file, path: file.path, gzip: false }],
    format: 'lines',
    counts: 'line',
  } as const;
  return longestLine === undefined ? sound : { ...sound, longestLine };
}

/** Another part of the same reading, with the columns of this one. */
export function partOf(sound: PreparedJson, { files, longestLine }: IdentifiedSource): PreparedJson {
  const own = files.map((file) => ({ file, path: file.path, gzip: false }));
  return { ...sound, files: own, ...(longestLine === undefined ? {} : { longestLine }) };
}

/** Where each field has its type, and nothing else is declared, nobody has to look at the values. */
function declaredColumns({ columns = {} }: JsonSource, fields: readonly string[], shownAs: string): JsonColumns | null {
  const isWhole = Object.keys(columns).length === fields.length && fields.every((name) => Object.hasOwn(columns, name));
  if (!isWhole) return null;
  const types = declaredTypes(columns, fields, shownAs);
  return { columns: fields.map((name) => ({ name, type: types.get(name) ?? 'VARCHAR' })), warnings: [] };
}
