import type { SourceSpec, Words } from '@datacraft/shared';
import { asSaid, english, Fault, say, validateConfig } from '@datacraft/shared';
import type { ResolveFiles } from '../run/context.ts';
import { sourceAdapter } from '../source/adapter.ts';
import type { SniffedSource } from '../source/source.ts';
import { withSource } from './cell.ts';
import type { QueryDeps } from './query.ts';

/** What a source cell with this config would read: options found, typed columns, the first rows. */
export async function sniffSource(
  config: Record<string, unknown>,
  resolve: ResolveFiles,
  deps: QueryDeps,
  signal?: AbortSignal,
): Promise<
  Omit<SniffedSource, 'warnings'> & {
    options: Record<string, string | number | boolean>;
    columns: SniffedSource['columns'][number][];
    warnings: string[];
    warningsSaid: Words[];
  }
> {
  const { spec, issues } = validateConfig('source', config as never);
  const [issue] = issues;
  if (issue)
    throw new Fault(
      'bad-request',
      say('{path}: {message}', { path: issue.path.join('.'), message: asSaid(issue.message) }),
      { field: issue.path.join('.') },
    );
  const source = spec as SourceSpec;
  const adapter = sourceAdapter(source.type);
  if (!adapter) throw new Fault('unsupported', say('sources of type {type} cannot be read yet', { type: source.type }));
  const found = await withSource(
    source,
    resolve,
    deps,
    ({ session, identified, context }) => adapter.sniff(source, identified, session, context),
    signal,
  );
  const { options, columns, warnings } = found;
  return {
    ...found,
    options: { ...options },
    columns: [...columns],
    warnings: warnings.map(english),
    warningsSaid: [...warnings],
  };
}
