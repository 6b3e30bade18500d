import type { Diagnostic } from '@datacraft/shared';

/** Exit codes of the contract: 0 done, 1 a task failed, 2 the notebook is invalid, 64 usage, 78 configuration. */
export const exitCodes = { done: 0, failed: 1, invalid: 2, usage: 64, config: 78 } as const;

/** Where commands write; the process streams in the program, buffers in tests. */
export interface Output {
  out(line: string): void;
  err(line: string): void;
}

export const processOutput: Output = {
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
};

/** `file.md:12:3 error unknown-name no cell is called …` */
export function diagnosticLine(file: string, diagnostic: Diagnostic): string {
  const where = `${file}:${diagnostic.line}:${diagnostic.column}`;
  const hint = diagnostic.suggestion === undefined ? '' : ` (did you mean ${diagnostic.suggestion}?)`;
  return `${where} ${diagnostic.severity} ${diagnostic.code} ${diagnostic.message}${hint}`;
}

/** The contract's shape of a diagnostic. */
export function diagnosticJson(diagnostic: Diagnostic): object {
  const { severity, code, message, cell, line, column, suggestion } = diagnostic;
  return { severity, code, message, cell, line, column, ...(suggestion === undefined ? {} : { suggestion }) };
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error');
}

/** Columns aligned for a terminal; numbers to the right. */
export function textTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, index) => Math.max(title.length, ...rows.map((row) => (row[index] ?? '').length)));
  const numeric = header.map(
    (_, index) => rows.length > 0 && rows.every((row) => /^-?[\d.,]*$/.test(row[index] ?? '')),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, index) => (numeric[index] ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(header), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line)].join('\n');
}
