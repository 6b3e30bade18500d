import type { Said } from '../said/said.ts';

/** Forms other than the notebook's own that it leaves in. */
export const exportFormats = ['dbt', 'ipynb', 'html', 'pdf'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** What an export holds, told before it is downloaded. */
export interface ExportContents {
  readonly name: string;
  readonly files: readonly { readonly path: string; readonly sizeBytes: number }[];
  /** What it does not hold, or holds otherwise; `cell` is null when it is about the notebook. */
  readonly notes: readonly { readonly cell: string | null; readonly message: string; readonly said?: Said }[];
}

/** What an import says of a file: what was left out, changed or could not be read. */
export interface ImportFinding {
  readonly file: string;
  /** 1-based; 1 when it is about the file as a whole. */
  readonly line: number;
  readonly column: number;
  /** `error`: a cell is missing or will not run; `warning`: it may mean something else; `info`: how it was made. */
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  readonly said?: Said;
}

/** One notebook that an import made. */
export interface ImportedNotebook {
  readonly id: string;
  readonly title: string;
  readonly cells: readonly { readonly kind: string; readonly name: string; readonly file: string }[];
  readonly findings: readonly ImportFinding[];
}
