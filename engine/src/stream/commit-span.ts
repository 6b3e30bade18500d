import type { StreamProgress } from '@datacraft/shared';
import type { OpenSpan, SpanAttributes } from '../run/trace.ts';
import { spanned } from '../run/trace.ts';
import { topicsShown } from '../source/kafka/lanes.ts';
import type { CommitWork, Outcome } from './commit.ts';

/** One commit of a stream, as a trace of its own. */
export function commitSpan(
  work: CommitWork,
  told: StreamProgress,
  commit: (span: OpenSpan) => Promise<Outcome>,
): Promise<Outcome> {
  const { lease, deps, input } = work;
  const attributes = {
    'datacraft.stream.id': lease.streamId,
    'datacraft.notebook': input.notebook.title,
    'datacraft.cell': work.cell,
    ...sourceFacts(work, told),
  };
  const id = `${lease.streamId} ${lease.epoch} ${performance.timeOrigin + performance.now()}`;
  return spanned({ name: 'commit', parent: null, id, attributes }, deps, commit, (outcome) => ({
    'datacraft.rows': outcome.rows,
    'datacraft.rows.rejected': outcome.rejected,
    'datacraft.tables': outcome.tables.length,
    'datacraft.cells.failed': Object.keys(outcome.failedCells).length,
  }));
}

function sourceFacts({ input, cell }: CommitWork, { partitions, lag }: StreamProgress): SpanAttributes {
  const found = input.compiled.graph.cells.get(cell);
  if (found?.kind !== 'source') return {};
  const { spec } = found;
  return {
    'datacraft.source.type': spec.type,
    ...(spec.type === 'kafka' ? { 'messaging.system': 'kafka', 'messaging.destination.name': topicsShown(spec) } : {}),
    ...(partitions === undefined ? {} : { 'datacraft.partitions': partitions.length }),
    ...(typeof lag === 'number' ? { 'datacraft.lag': lag } : {}),
  };
}
