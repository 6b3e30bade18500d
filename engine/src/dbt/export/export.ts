import type { Notebook } from '@datacraft/shared';
import type { Compiled } from '../../compile/graph.ts';
import type { QueryDeps } from '../../query/query.ts';
import type { Owner } from '../../store/relations.ts';
import type { ExportedProject } from './project.ts';
import { exportDbt } from './project.ts';
import { publishedTables } from './table-rows.ts';

/** A notebook as a dbt project, with the rows that it needs as far as they are published and may be read. */
export async function dbtProject(
  { notebook, compiled, owner }: { readonly notebook: Notebook; readonly compiled: Compiled; readonly owner: Owner },
  deps: QueryDeps,
): Promise<ExportedProject> {
  const tables = await publishedTables(compiled.graph, owner, deps);
  return exportDbt({ notebook, graph: compiled.graph, parse: (sql) => deps.duck.parse(sql), ...tables });
}
