import type { Cell, CellKind, JsonObject, Notebook } from '@datacraft/shared';
import { newId } from '@datacraft/shared';

/** Cells as a test writes them; ids and order follow from the list. */
export interface CellText {
  readonly kind?: CellKind;
  readonly name: string;
  readonly source?: string;
  readonly config?: JsonObject;
}

export function aNotebook(...cells: readonly CellText[]): Notebook {
  return { title: 'test', meta: {}, cells: cells.map(aCell) };
}

export function aCell({ kind = 'sql', name, source = '', config = {} }: CellText, index = 0): Cell {
  return { id: newId('cell'), kind, name, order: `a${String(index).padStart(4, '0')}`, source, config };
}

export function sql(name: string, source: string, config: JsonObject = {}): CellText {
  return { kind: 'sql', name, source, config };
}

export function csv(name: string, config: JsonObject = {}): CellText {
  return { kind: 'source', name, config: { type: 'csv', path: `${name}.csv`, ...config } };
}

export function input(name: string, config: JsonObject = { type: 'number', default: 0 }): CellText {
  return { kind: 'input', name, config };
}

export function chart(name: string, from: string): CellText {
  return { kind: 'chart', name, config: { type: 'bar', from, x: 'a', y: 'b' } };
}
