export const inputTypes = [
  'text',
  'number',
  'slider',
  'date',
  'daterange',
  'select',
  'multiselect',
  'boolean',
] as const;
export type InputType = (typeof inputTypes)[number];

/** Literal options, or the distinct values of a column of a cell. */
export type InputOptions =
  readonly (string | number)[] | { readonly from: string; readonly column: string; readonly label?: string };

/** `daterange` has a `[start, end]` default and binds `$name_start` and `$name_end`; `multiselect` binds a list. */
export interface InputSpec {
  readonly type: InputType;
  readonly label?: string;
  readonly default?: string | number | boolean | null | readonly (string | number)[];
  readonly min?: number | string;
  readonly max?: number | string;
  readonly step?: number;
  readonly options?: InputOptions;
  readonly unit?: string;
  readonly description?: string;
}

/** What a parameter is bound to. Arrays are lists; null is NULL. */
export type ParamValue = string | number | boolean | null | readonly (string | number)[];
/** By parameter name without `$`. */
export type Params = Readonly<Record<string, ParamValue>>;
