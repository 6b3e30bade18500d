/**
 * Steps as SQL: one WITH entry for each step, in their order, each below a comment that holds the step.
 *
 * T1  What is written reads as SQL that a person could have written, and is one SELECT.
 * T2  Every word of the person has its place: findings about the SQL are findings about the step.
 * T3  Steps of SQL that was made from steps are those steps; SQL that a hand changed has none.
 */
import type { Step } from '../document/spec/step-schema.ts';
import { stepKindOf } from '../document/spec/step-schema.ts';
import type { TransformSpec } from '../document/spec/transform.ts';
import { transformSchema } from '../document/spec/transform.ts';
import type { Expectation } from '../document/spec/sql.ts';
import { plainTable } from './identifier.ts';
import type { Segment } from './sql-writer.ts';
import { own, SqlWriter } from './sql-writer.ts';
import { stepSql } from './step-sql.ts';

export interface TransformSql {
  readonly sql: string;
  readonly segments: readonly Segment[];
}

/** The first `count` steps as SQL; all when left out. */
export function transformSql(spec: Pick<TransformSpec, 'from' | 'steps'>, count?: number): TransformSql {
  const steps = (spec.steps ?? []).slice(0, count);
  const writer = new SqlWriter();
  const from = own(plainTable(spec.from), 'from');
  if (steps.length === 0) {
    writer.write(['select * from ', from]);
    return { sql: writer.text, segments: writer.segments };
  }
  writer.write(['with\n', `-- ${lineOf({ from: spec.from })}\n`, '"0 from" as (select * from ', from, ')']);
  steps.forEach((step, at) => {
    writer.write([`,\n-- ${lineOf(step)}\n"${entryName(step, at)}" as (`]);
    const before = at === 0 ? '"0 from"' : `"${entryName(steps[at - 1] ?? step, at - 1)}"`;
    writer.write(stepSql(step, before), ['steps', at]);
    writer.write([')']);
  });
  const last = steps.at(-1);
  writer.write([`\nselect * from "${last === undefined ? '0 from' : entryName(last, steps.length - 1)}"`]);
  const order = last !== undefined && 'sort' in last ? last.sort : undefined;
  if (order !== undefined) writer.write([` order by ${typeof order === 'string' ? order : order.join(', ')}`]);
  return { sql: writer.text, segments: writer.segments };
}

/** How many rows come out of the relation and of each step: `(step, rows)`, 0 for the relation. */
export function stepCountsSql(spec: Pick<TransformSpec, 'from' | 'steps'>): string {
  const steps = spec.steps ?? [];
  const { sql } = transformSql(spec);
  const before =
    steps.length === 0 ? `with "0 from" as (${sql})\n` : sql.slice(0, sql.lastIndexOf('\nselect * from "') + 1);
  const names = ['0 from', ...steps.map(entryName)];
  return before + names.map((name, at) => `select ${at} as step, count(*) as rows from "${name}"`).join('\nunion all ');
}

function entryName(step: Step, at: number): string {
  return `${at + 1} ${stepKindOf(step) ?? 'step'}`;
}

function lineOf(value: object): string {
  return JSON.stringify(value);
}

/** The steps that SQL was made from; null for any other SQL. */
export function stepsOfSql(sql: string): Pick<TransformSpec, 'from' | 'steps'> | null {
  const lines = sql.split('\n').flatMap((line) => (line.startsWith('-- {') ? [line.slice(3)] : []));
  const plain = /^select \* from ([a-z_][a-z0-9_.]*)$/.exec(sql.trim())?.[1];
  if (plain !== undefined) return { from: plain };
  try {
    const [head, ...steps] = lines.map((line): unknown => JSON.parse(line));
    const read = transformSchema.safeParse({ ...(typeof head === 'object' ? head : {}), steps });
    if (!read.success) return null;
    const spec = { from: read.data.from, steps: read.data.steps ?? [] };
    return transformSql(spec).sql === sql.trim() ? spec : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Rules of the steps that set rows aside: they are judged over the finished rows. */
export function quarantineRules(steps: readonly Step[]): { readonly rule: Expectation; readonly step: number }[] {
  return steps.flatMap((step, at) =>
    'quarantine' in step
      ? [{ rule: { expression: `not (${step.quarantine})`, on_violation: 'quarantine' } as const, step: at }]
      : [],
  );
}
