import type { RunEvent } from '@datacraft/engine';
import { runSpan } from '@datacraft/engine';
import type { Logger } from 'pino';

/** Lines of a process about the runs and cells it works on, with the ids to find them by. */
export function runLines(log: Logger): (event: RunEvent) => void {
  return (event) => {
    if (event.type === 'run') {
      const { runId, notebookId, state, trigger, error } = event.run;
      const facts = { run: runId, notebook: notebookId, trace: runSpan(runId).traceId, state, trigger };
      if (state === 'failed') log.warn({ ...facts, code: error?.code }, 'a run failed');
      else if (event.run.finishedAt !== null) log.info(facts, `a run ${state}`);
      else log.debug(facts, `a run is ${state}`);
      return;
    }
    if (event.type === 'reading') return;
    const { cell, state, durationMs, rowsWritten, error } = event.task;
    const facts = { run: event.runId, cell, trace: runSpan(event.runId).traceId, state };
    if (state === 'failed') log.warn({ ...facts, code: error?.code, durationMs }, 'a cell failed');
    else if (state === 'succeeded') log.info({ ...facts, durationMs, rows: rowsWritten }, 'a cell succeeded');
  };
}
