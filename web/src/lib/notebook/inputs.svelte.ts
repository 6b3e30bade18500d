/**
 * Values of the input cells, as this person set them. The default is in the document; a chosen value never is. Previews
 * follow the chosen values; runs publish tables for everybody and use the defaults.
 */
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

  /** Whether this person looks with another value than everybody's. */
  isChanged(cell: CellModel): boolean {
    const chosen = this.#chosen[cell.name];
    return chosen !== undefined && !sameParam(chosen, defaultParam(inputSpec(cell.config)));
  }

  forget(name: string): void {
    const { [name]: _chosen, ...rest } = this.#chosen;
    this.#chosen = rest;
  }
}

function sameParam(a: ParamValue, b: ParamValue): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** What the document says of an input; a wrong value is a finding of the compiler, not of this page. */
export function inputSpec(config: JsonObject): InputSpec {
  return { type: 'text', ...config } as unknown as InputSpec;
}
