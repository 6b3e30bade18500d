import type { z } from 'zod';
import type { Json, JsonObject } from '../../json.ts';
import type { CellKind } from '../cell.ts';
import type { ChartSpec } from './chart.ts';
import { chartSchema } from './chart-schema.ts';
import type { InputSpec } from './input.ts';
import { inputSchema } from './input-schema.ts';
import { type ConfigIssue, issuesOf } from './issue.ts';
import { type MetaSpec, metaSchema } from './meta.ts';
import { type ModelSpec, modelSchema } from './model.ts';
import { rulesOf } from './rule.ts';
import type { SourceSpec, SourceType } from './source.ts';
import { sourceSchemas, untypedSourceSchema } from './source-schema.ts';
import type { SqlSpec } from './sql.ts';
import { sqlSchema } from './sql-schema.ts';
import { type TransformSpec, transformSchema } from './transform.ts';

export interface SpecByKind {
  markdown: Record<string, never>;
  source: SourceSpec;
  sql: SqlSpec;
  transform: TransformSpec;
  model: ModelSpec;
  chart: ChartSpec;
  input: InputSpec;
}

export interface Validated<Spec> {
  /** Null if and only if there are issues. */
  readonly spec: Spec | null;
  readonly issues: readonly ConfigIssue[];
}

/** Judges a cell's config by its kind. Names of other cells and columns are not looked at here. */
export function validateConfig<Kind extends CellKind>(kind: Kind, config: JsonObject): Validated<SpecByKind[Kind]> {
  const schema = schemaOf(kind, config);
  if (schema === null) return { spec: {} as SpecByKind[Kind], issues: [] };
  return judged<SpecByKind[Kind]>(config, [...issuesOf(schema, config), ...rulesOf(kind, config)]);
}

/** Judges the front matter beside `datacraft` and `title`. */
export function validateMeta(meta: JsonObject): Validated<MetaSpec> {
  return judged<MetaSpec>(meta, issuesOf(metaSchema, meta));
}

function judged<Spec>(config: Json, issues: readonly ConfigIssue[]): Validated<Spec> {
  return { spec: issues.length === 0 ? (config as Spec) : null, issues };
}

function schemaOf(kind: CellKind, config: JsonObject): z.ZodObject | null {
  switch (kind) {
    case 'markdown':
      return null;
    case 'source':
      return isSourceType(config['type']) ? sourceSchemas[config['type']] : untypedSourceSchema;
    case 'sql':
      return sqlSchema;
    case 'transform':
      return transformSchema;
    case 'model':
      return modelSchema;
    case 'chart':
      return chartSchema;
    case 'input':
      return inputSchema;
  }
}

function isSourceType(type: Json | undefined): type is SourceType {
  return typeof type === 'string' && Object.hasOwn(sourceSchemas, type);
}

/** The keys a kind knows, in the order the text form writes them. */
export function canonicalKeys(kind: CellKind, config: JsonObject): string[] {
  return Object.keys(schemaOf(kind, config)?.shape ?? {});
}

export const canonicalMetaKeys: readonly string[] = Object.keys(metaSchema.shape);
