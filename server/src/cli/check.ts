import { createDuckPool } from '@datacraft/engine';
import { readArguments } from './arguments.ts';
import { openNotebookFile } from './notebook-file.ts';
import type { Output } from './output.ts';
import { diagnosticJson, diagnosticLine, exitCodes } from './output.ts';
import { oneFile } from './one-file.ts';

/** `datacraft check FILE.md [--json]`: compiles only; touches neither data nor database. */
export async function check(args: readonly string[], output: Output): Promise<number> {
  const read = readArguments(args, { json: { type: 'boolean' } });
  const duck = createDuckPool({ size: 1 });
  try {
    const file = await openNotebookFile(oneFile(read, 'check'), duck);
    const cells = [...file.compiled.graph.cells.values()];
    if (read.flag('json')) {
      const graph = cells.map((cell) => ({
        cell: cell.name,
        kind: cell.kind,
        dependsOn: [...cell.dependsOn, ...cell.inputs],
      }));
      output.out(JSON.stringify({ diagnostics: file.diagnostics.map(diagnosticJson), graph }));
    } else {
      for (const diagnostic of file.diagnostics) output.out(diagnosticLine(file.shownAs, diagnostic));
      if (file.valid) output.out(`${file.shownAs}: ${cells.length} cells, no errors`);
    }
    return file.valid ? exitCodes.done : exitCodes.invalid;
  } finally {
    await duck.stop();
  }
}
