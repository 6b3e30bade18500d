import { say, asSaid } from '@datacraft/shared';
import type { Json } from '@datacraft/shared';
import type { SqlCell } from '../../compile/graph.ts';
import { tokensOf } from '../../compile/sql-token.ts';
import { splitSql } from '../../expectation/judge.ts';
import { compileRules } from '../../expectation/rule.ts';
import type { OwnNames } from './names.ts';
import { jinjaNames } from './names.ts';
import { folderOfLayer } from './project-file.ts';
import type { ExportNote, ProjectContext } from './project.ts';
import type { Shape } from './shape.ts';
import { RUN_STARTED, shapesOf } from './shape.ts';
import { note } from './note.ts';
import { toJinja } from './to-jinja.ts';

export interface ModelFile {
  readonly path: string;
  readonly text: string;
}

export interface MadeModel {
  readonly files: readonly ModelFile[];
  readonly notes: readonly ExportNote[];
}

export async function modelOf(cell: SqlCell, context: ProjectContext): Promise<MadeModel> {
  if (cell.sql === null || cell.relation === null || !cell.valid) {
    const why = cell.sql === null ? 'it is empty or not one SELECT' : 'it has errors';
    return { files: [], notes: [note(cell.name, say('is not in the project: {why}', { why: asSaid(why) }))] };
  }
  const { kept, quarantine } = rowsOf(cell, cell.sql);
  const { shapes, notes } = shapesOf(cell, kept, context);
  const aside: Shape[] =
    quarantine === null
      ? []
      : [
          {
            name: `${cell.name}_quarantine`,
            kind: 'model',
            config: { materialized: 'table' },
            first: `select *, '{{ invocation_id }}' as _run_id from (${quarantine})`,
            when: null,
            next: null,
            own: {},
          },
        ];
  const written = await Promise.all([...shapes, ...aside].map((shape) => fileOf(cell, shape, context)));
  return { files: written.map(({ file }) => file), notes: [...notes, ...written.flatMap((each) => each.notes)] };
}

/** The rows that stay, and those that rules set aside. */
function rowsOf(cell: SqlCell, sql: string): { kept: string; quarantine: string | null } {
  const text = isDescription(sql) ? `select * from (\n${sql}\n)` : sql;
  const options = cell.spec.sequence_by === undefined ? {} : { sequenceBy: cell.spec.sequence_by };
  const rules = compileRules(cell.spec.expect ?? [], { ...options, now: new Date(0) }).filter(
    ({ outcome }) => outcome === 'drop' || outcome === 'quarantine',
  );
  const split = rules.length === 0 ? null : splitSql(rules, `(\n${text}\n)`);
  return { kept: split?.keep ?? text, quarantine: split?.quarantine ?? null };
}

function isDescription(text: string): boolean {
  const first = tokensOf(text).find((token) => token.kind !== 'comment');
  return first !== undefined && /^(describe|desc|show|summarize)$/i.test(text.slice(first.start, first.end));
}

async function fileOf(
  cell: SqlCell,
  shape: Shape,
  context: ProjectContext,
): Promise<{ file: ModelFile; notes: ExportNote[] }> {
  const first = await written(shape.first, shape.own, context);
  const next = shape.next === null ? null : await written(shape.next, shape.own, context);
  const body =
    next === null || shape.when === null
      ? first.text
      : `{% if ${shape.when} %}\n\n${next.text}\n\n{% else %}\n\n${first.text}\n\n{% endif %}`;
  const head = `{{ config(${Object.entries(shape.config)
    .map(([key, value]) => `${key}=${argument(value)}`)
    .join(', ')}) }}`;
  const layer = cell.relation?.layer ?? 'silver';
  const text =
    shape.kind === 'snapshot'
      ? `{% snapshot ${shape.name} %}\n\n${head}\n\n${body}\n\n{% endsnapshot %}\n`
      : `${head}\n\n${body}\n`;
  const folder = shape.kind === 'snapshot' ? 'snapshots' : `models/${folderOfLayer[layer]}`;
  const unresolved = [...new Set([...first.unresolved, ...(next?.unresolved ?? [])])];
  const notes = unresolved.map((name) =>
    note(
      cell.name,
      say('its text names {name}, which the project cannot say as ref() or source(): mend it there by hand', { name }),
    ),
  );
  return { file: { path: `${folder}/${shape.name}.sql`, text }, notes };
}

async function written(sql: string, own: OwnNames, context: ProjectContext) {
  const made = await toJinja(sql.replaceAll(INVOCATION, ASIDE), jinjaNames(context, own), context.parse);
  const text = made.text
    .replaceAll(ASIDE, INVOCATION)
    .replaceAll(`'${RUN_STARTED}'`, `'{{ run_started_at.strftime("%Y-%m-%d %H:%M:%S.%f") }}'`);
  return { ...made, text: text.trim() };
}

const INVOCATION = "'{{ invocation_id }}'";
const ASIDE = "'__invocation_id__'";

/** A JSON value as Jinja writes it. */
function argument(value: Json): string {
  if (value === null) return 'none';
  if (typeof value === 'string') return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  if (Array.isArray(value)) return `[${value.map(argument).join(', ')}]`;
  if (typeof value === 'object')
    return `{${Object.entries(value)
      .map(([key, item]) => `${argument(key)}: ${argument(item)}`)
      .join(', ')}}`;
  return typeof value === 'boolean' ? (value ? 'true' : 'false') : String(value);
}
