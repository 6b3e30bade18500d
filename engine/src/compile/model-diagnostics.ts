import type { SaidList } from '@datacraft/shared';
import { say } from '@datacraft/shared';
import type { Cell, Diagnostic, SqlSpec } from '@datacraft/shared';
import type { Definition } from './definition.ts';
import { splitTarget } from './names.ts';
import { inConfig } from './report.ts';

interface Target {
  readonly path: readonly string[];
  readonly columns: readonly string[];
  readonly target: string;
}

/** Dimensions whose rows a fact looks its keys up in: it reads them. */
export function dimensionsRead(spec: SqlSpec): Target[] {
  return spec.materialize === 'fact' ? targetsOf('dimensions', spec.dimensions) : [];
}

/** Facts point at dimensions, links and satellites at hubs, with as many columns as the business key has. */
export function modelDiagnostics(definitions: readonly Definition[]): Diagnostic[] {
  const specs = new Map(
    definitions.flatMap(({ cell, spec }) =>
      spec.kind === 'sql' || spec.kind === 'transform' ? [[cell.name, spec.spec]] : [],
    ),
  );
  return definitions.flatMap(({ cell, spec }) => {
    if (spec.kind !== 'sql' && spec.kind !== 'transform') return [];
    const { materialize, hub } = spec.spec;
    const unused = unusedKeys(cell, spec.spec);
    if (materialize === 'fact')
      return [...unused, ...dimensionsRead(spec.spec).flatMap((each) => pointing(cell, each, specs, ['dimension']))];
    if (materialize === 'link')
      return [...unused, ...targetsOf('hubs', spec.spec.hubs).flatMap((each) => pointing(cell, each, specs, ['hub']))];
    if (materialize !== 'satellite' || hub === undefined) return unused;
    const columns = listOf(spec.spec.unique_key);
    return [...unused, ...pointing(cell, { path: ['hub'], columns, target: hub }, specs, ['hub', 'link'])];
  });
}

function pointing(
  cell: Cell,
  { path, columns, target }: Target,
  specs: ReadonlyMap<string, SqlSpec>,
  wanted: readonly string[],
): Diagnostic[] {
  const { schema, name } = splitTarget(target);
  const spec = specs.get(name);
  const one: SaidList = { list: wanted, by: 'or' };
  if (spec === undefined) {
    if (schema !== '' || wanted.includes('dimension')) return [];
    return [
      inConfig(cell, path, {
        code: 'unknown-name',
        message: say('no {one} is called `{target}` in this notebook', { one, target }),
      }),
    ];
  }
  if (!wanted.includes(spec.materialize ?? 'table')) {
    const message = say('`{target}` is not a {one}: give it `materialize: {wanted}`', {
      target,
      one,
      wanted: wanted[0] ?? '',
    });
    return [inConfig(cell, path, { code: 'not-a-model-target', message })];
  }
  const key = spec.materialize === 'link' ? columns : listOf(spec.unique_key);
  if (key.length === columns.length) return [];
  const message = say('`{target}` is known by {key}: name {length} columns here, as in "{names}"', {
    target,
    key: key.join(', ') || say('no key'),
    length: key.length,
    names: key.join(', '),
  });
  return [inConfig(cell, path, { code: 'key-width', message })];
}

const owners: Readonly<Record<string, string>> = {
  scd: 'dimension',
  dimensions: 'fact',
  hubs: 'link',
  hub: 'satellite',
};

function unusedKeys(cell: Cell, spec: SqlSpec): Diagnostic[] {
  return Object.entries(owners).flatMap(([key, owner]) => {
    if (!Object.hasOwn(spec, key) || spec.materialize === owner) return [];
    const message = say('`{key}` says nothing here: it belongs to `materialize: {owner}`', { key, owner });
    return [inConfig(cell, [key], { code: 'not-applied', message, severity: 'warning' })];
  });
}

function targetsOf(key: string, targets: Readonly<Record<string, string>> | undefined): Target[] {
  return Object.entries(targets ?? {}).map(([text, target]) => ({ path: [key, text], columns: listOf(text), target }));
}

function listOf(columns: string | readonly string[] | undefined): string[] {
  const list = typeof columns === 'string' ? columns.split(',') : (columns ?? []);
  return list.map((column) => column.trim()).filter((column) => column !== '');
}
