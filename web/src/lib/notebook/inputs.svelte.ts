/** Values of the input cells, as this person set them. The default is in the document; a chosen value never is. */
import { defaultParam, type InputSpec, type JsonObject, type ParamValue } from '@datacraft/shared';
import type { CellModel } from '#lib/cell/cell-model.svelte.ts';

export class InputValues {
  #chosen = $state.raw<Readonly<Record<string, ParamValue>>>({});

  set(name: string, value: ParamValue): void {
    this.#chosen = { ...this.#chosen, [name]: value };
  }

  valueOf(cell: CellModel): ParamValue {
    const chosen = this.#chosen[cell.name];
    return chosen === undefined ? defaultParam(inputSpec(cell.config)) : chosen;
  }

  all(cells: readonly CellModel[]): Record<string, ParamValue> {
    return Object.fromEntries(
      cells.filter((cell) => cell.kind === 'input').map((cell) => [cell.name, this.valueOf(cell)]),
    );
  }
}

/** What the document says of an input; a wrong value is a finding of the compiler, not of this page. */
export function inputSpec(config: JsonObject): InputSpec {
  return { type: 'text', ...config } as unknown as InputSpec;
}
