import type { Cell, Diagnostic, RelationRef, Words } from '@datacraft/shared';
import { boundTypes, cellNamePattern, isLayer, relationName, say, asSaid } from '@datacraft/shared';
import type { CellSpec } from './cell-spec.ts';
import { defaultLayer } from './graph.ts';
import type { Names } from './names.ts';
import { sideTables } from './side-table.ts';
import { didYouMean, inConfig } from './report.ts';
import { isEmptyStatement } from './sql-token.ts';

/** A cell that owns its name, with what its config says. */
export interface Definition {
  readonly cell: Cell;
  readonly spec: CellSpec;
  /** What it publishes; null for charts, inputs and empty cells. */
  readonly relation: RelationRef | null;
}

/** Gives every name to the first cell on the page that has it and reports the others. */
export function ownersOfNames(cells: readonly Cell[]): { owners: Cell[]; diagnostics: Diagnostic[] } {
  const owners = new Map<string, Cell>();
  const diagnostics: Diagnostic[] = [];
  for (const cell of cells) {
    if (!cellNamePattern.test(cell.name)) diagnostics.push(badName(cell));
    const owner = owners.get(cell.name);
    if (owner === undefined && cell.name !== '') owners.set(cell.name, cell);
    else if (owner !== undefined) diagnostics.push(duplicateName(cell, owner, cells));
  }
  return { owners: [...owners.values()], diagnostics };
}

function badName(cell: Cell): Diagnostic {
  const message =
    cell.name === ''
      ? say('this {kind} cell has no name: give it one such as `orders`', { kind: cell.kind })
      : say('`{name}` is not a name: use a-z, 0-9 and _, and begin with a letter', { name: cell.name });
  return inConfig(cell, [], { code: 'bad-name', message, suggestion: plainName(cell.name) });
}

function plainName(text: string): string | null {
  const plain = text
    .normalize('NFD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '');
  return cellNamePattern.test(plain) ? plain : null;
}

function duplicateName(cell: Cell, owner: Cell, cells: readonly Cell[]): Diagnostic {
  const taken = new Set(cells.map((each) => each.name));
  let count = 2;
  while (taken.has(`${cell.name}_${count}`)) count += 1;
  const message = say('`{name}` is already the name of the {kind} cell above: names are unique in a notebook', {
    name: cell.name,
    kind: owner.kind,
  });
  return inConfig(cell, [], { code: 'duplicate-name', message, suggestion: `${cell.name}_${count}` });
}

export function relationOf(cell: Cell, spec: CellSpec): RelationRef | null {
  if (spec.kind === 'chart' || spec.kind === 'input') return null;
  if (cell.kind === 'sql' && isEmptyStatement(cell.source)) return null;
  const layer = spec.spec.layer ?? defaultLayer(cell.kind);
  return isLayer(layer) ? { layer, name: cell.name } : null;
}

export function namesOf(definitions: readonly Definition[]): Names {
  const kinds = new Map(definitions.map(({ cell }) => [cell.name, cell.kind]));
  const readable = new Set<string>();
  const relations = new Map<string, string>();
  const parameters = new Map<string, string>();
  const sides = new Map<string, string>();
  for (const { cell, spec, relation } of definitions) {
    if (spec.kind === 'input')
      for (const name of Object.keys(boundTypes(cell.name, spec.spec))) parameters.set(name, cell.name);
    else if (relation !== null) readable.add(cell.name);
    if (relation !== null) relations.set(relationName(relation), cell.name);
    for (const ref of sideTables({ ...spec, relation })) sides.set(relationName(ref), cell.name);
  }
  return { kinds, readable, relations, sides, parameters };
}

/** Tables that cells publish beside their own: rejected and quarantined rows. */
export function ownershipClashes(definitions: readonly Definition[]): Diagnostic[] {
  const owners = new Map(
    definitions.flatMap(({ cell, relation }) => (relation ? [[relationName(relation), cell.name]] : [])),
  );
  return definitions.flatMap(({ cell, spec, relation }) => {
    return sideTables({ ...spec, relation }).flatMap((ref) => {
      const table = relationName(ref);
      const owner = owners.get(table);
      if (owner === undefined) return [];
      const message = say(
        '`{name}` keeps its set-aside rows in `{table}`, which the cell `{owner}` publishes: rename one of them',
        { name: cell.name, table, owner },
      );
      return [inConfig(cell, [], { code: 'layer-owned-twice', message })];
    });
  });
}

/** An input whose parameter another input also binds: `period` of type daterange beside `period_start`. */
export function parameterClashes(definitions: readonly Definition[]): Diagnostic[] {
  const owners = new Map<string, string>();
  const diagnostics: Diagnostic[] = [];
  for (const { cell, spec } of definitions) {
    if (spec.kind !== 'input') continue;
    for (const parameter of Object.keys(boundTypes(cell.name, spec.spec))) {
      const owner = owners.get(parameter);
      if (owner === undefined) owners.set(parameter, cell.name);
      else {
        const message = say('`${parameter}` is bound by the input `{owner}` too: rename one of them', {
          parameter,
          owner,
        });
        diagnostics.push(inConfig(cell, [], { code: 'duplicate-name', message }));
      }
    }
  }
  return diagnostics;
}

export function unknownName(
  cell: Cell,
  path: readonly (string | number)[],
  message: Words,
  suggestion: string | null,
): Diagnostic {
  return inConfig(cell, path, {
    code: 'unknown-name',
    message: say('{message}{meant}', { message: asSaid(message), meant: didYouMean(suggestion) }),
    suggestion,
  });
}
