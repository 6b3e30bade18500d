import type { Json } from '@datacraft/shared';
import type { CellModel } from './cell-model.svelte.ts';

/** What a part of a cell's form is given. */
export interface ConfigFields {
  readonly cell: CellModel;
  readonly disabled: boolean;
  /** Of nothing, or of an empty text: the key goes. */
  readonly set: (key: string, value: Json | undefined) => void;
}
