import type { JsonSource } from '@datacraft/shared';
import { isFault } from '@datacraft/shared';
import type { DuckSession } from '../../duckdb/session.ts';
import { identifyPath } from '../s3/identify-path.ts';
import { rejectedFault } from '../rejected-fault.ts';
import type { IdentifiedSource, OpenedSource, SniffedSource, SourceAdapter, SourceContext } from '../source.ts';
import { prepareJson, type PreparedJson } from './prepare.ts';
import { partOf, prepareSound } from './sound.ts';
import { rejectsSelect, soundRejects, soundSelect, strictSelect, tolerantSelect } from './statement.ts';
import { whyBroken } from './why-broken.ts';

/**
 * Reads JSON: an array, records line by line, or a list inside a document (`records: $.items`).
 *
 * J1  Objects and lists keep their structure (STRUCT, LIST).
 * J2  Whole numbers are exact, whatever their size.
 * J3  Every non-blank line, or record of the list, is in `select` or in `rejects` (I7).
 *
 * With `rejects: fail` DuckDB's own reader is used, with `rejects: table` records are judged one by one. A document
 * that is not JSON has no records to reject and is a fault.
 */
export const jsonAdapter: SourceAdapter<JsonSource> = {
  identify: (spec, context) => identifyPath(spec, context),

  async open(spec, identified, session, context): Promise<OpenedSource> {
    const sound = await prepareSound(spec, identified, session);
    const prepared = sound ?? (await prepareJson(spec, identified, session, context));
    const ofPart = sound && ((part: IdentifiedSource) => partSelect(spec, partOf(sound, part)));
    const parts = ofPart ? { ofPart } : {};
    if (spec.rejects === 'table') {
      const explain = (error: unknown) => whyBroken(error, prepared, context);
      const all = sound ? soundRejects(sound) : rejectsSelect(prepared);
      const rejects = identified.inLine ? all : `select * exclude (l) from (${all})`;
      return { select: sound ? soundSelect(sound) : tolerantSelect(prepared), rejects, explain, ...parts };
    }
    const explain = (error: unknown) => explainFailure(error, prepared, session, context);
    return { select: strictSelect(prepared), rejects: null, explain, ...parts };
  },

  async sniff(spec, identified, session, context): Promise<SniffedSource> {
    const prepared = await prepareJson(spec, identified, session, context);
    const select = spec.rejects === 'table' ? tolerantSelect(prepared) : strictSelect(prepared);
    const preview = await session
      .rows(`select * from (${select}) limit 101`, { limit: 100 })
      .catch(async (error: unknown) => {
        throw await explainFailure(error, prepared, session, context);
      });
    return {
      options: { format: prepared.format === 'array' ? 'array' : prepared.counts === 'line' ? 'lines' : 'list' },
      columns: preview.columns,
      preview,
      warnings: prepared.warnings,
    };
  },
};

function partSelect({ rejects }: JsonSource, part: PreparedJson): string {
  return rejects === 'table' ? soundSelect(part) : strictSelect(part);
}

async function explainFailure(error: unknown, prepared: PreparedJson, session: DuckSession, context: SourceContext) {
  if (!isFault(error, 'query-failed')) return error;
  if (prepared.format === 'array') return whyBroken(error, prepared, context);
  try {
    const page = await session.rows(rejectsSelect(prepared), { limit: 1, countTotal: true });
    const first = page.rows[0];
    if (first) return rejectedFault(first, page.totalRows ?? 1, prepared.counts, error);
  } catch (second) {
    return whyBroken(second, prepared, context);
  }
  return whyBroken(error, prepared, context);
}
