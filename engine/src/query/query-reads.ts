import type { Params } from '@datacraft/shared';
import { relationName } from '@datacraft/shared';
import { readSelect } from '../compile/select.ts';
import type { Parse } from '../compile/select.ts';
import { namesFor, refuseFindings } from './query.ts';

/** `layer.name` of what a query reads; its findings are Faults. Nothing is opened. */
export async function queryReads(sql: string, params: Params, parse: Parse): Promise<string[]> {
  const select = await readSelect(sql, namesFor(params), parse);
  refuseFindings(sql, select);
  return select.tables.map(relationName);
}
