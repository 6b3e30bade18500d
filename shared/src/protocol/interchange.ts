/** Forms other than the notebook's own that it leaves in. */
export const exportFormats = ['dbt'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** What an export holds, told before it is downloaded. */
export interface ExportContents {
  readonly name: string;
  readonly files: readonly { readonly path: string; readonly sizeBytes: number }[];
  /** What it does not hold, or holds otherwise; `cell` is null when it is about the notebook. */
  readonly notes: readonly { readonly cell: string | null; readonly message: string }[];
}
