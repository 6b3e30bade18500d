/**
 * From zod's findings to sentences a person can act on: what was expected, what stands there, which word was meant.
 * The schema is walked to say what it expects; zod's own sentences show only where a check brings one.
 */
import { z } from 'zod';
import type { Json } from '../../json.ts';
import { nearest } from '../../nearest.ts';
import type { Said, SaidList, SaidValue, Words } from '../../said/said.ts';
import { asSaid, english, say } from '../../said/said.ts';

export interface ConfigIssue {
  /** Keys and indexes down to the value at fault; for an unknown key, down to the key. */
  readonly path: readonly (string | number)[];
  readonly code: 'unknown-key' | 'missing-key' | 'bad-value';
  readonly message: Words;
  readonly suggestion?: string;
}

type Path = readonly (string | number)[];
type ZodIssue = z.core.$ZodIssue;

/** Every finding of `schema` about `value`, in zod's order. A misspelt key is not missed too. */
export function issuesOf(schema: z.ZodType, value: Json): ConfigIssue[] {
  const result = schema.safeParse(value);
  if (result.success) return [];
  const issues = result.error.issues.flatMap((issue) => explain(schema, value, issue, []));
  const misspelt = new Set(issues.flatMap(({ path, suggestion }) => siblingPath(path, suggestion)));
  return issues.filter(({ code, path }) => code !== 'missing-key' || !misspelt.has(JSON.stringify(path)));
}

function siblingPath(path: Path, key: string | undefined): string[] {
  return key === undefined ? [] : [JSON.stringify([...path.slice(0, -1), key])];
}

function explain(root: z.ZodType, value: Json, issue: ZodIssue, prefix: Path): ConfigIssue[] {
  const path = [...prefix, ...issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))];
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schemasAt(root, path));
    const present = Object.keys(valueAt(value, path) ?? {});
    return issue.keys.map((key) => unknownKey([...path, key], key, known, present));
  }
  if (issue.code === 'invalid_union') return explainUnion(root, value, issue.errors, path);
  const got = valueAt(value, path);
  if (got === undefined) return [missingKey(path, schemasAt(root, path))];
  const custom = issue.code === 'invalid_type' || issue.code === 'invalid_value' ? null : issue.message;
  return [badValue(path, got, schemasAt(root, path), custom)];
}

/** Goes down the branch that fits best when one fits the outer form; else names what the branches expect. */
function explainUnion(root: z.ZodType, value: Json, branches: readonly ZodIssue[][], path: Path): ConfigIssue[] {
  const got = valueAt(value, path);
  if (got === undefined) return [missingKey(path, schemasAt(root, path))];
  const close = branches
    .filter((issues) => !issues.some((issue) => issue.path.length === 0 && issue.code === 'invalid_type'))
    .map((issues) => ({ issues, misfit: misfitOf(issues, got) }))
    .sort((a, b) => a.misfit - b.misfit);
  const [best, second] = close;
  const isObject = typeof got === 'object' && got !== null && !Array.isArray(got);
  if (isObject && close.length > 1 && best && second && best.misfit === second.misfit) {
    return ambiguousObject(got, path, schemasAt(root, path));
  }
  if (best) return best.issues.flatMap((issue) => explain(root, value, issue, path));
  return [badValue(path, got, schemasAt(root, path), null)];
}

/** Unknown and missing keys weigh most: they say that another branch was meant. */
function misfitOf(issues: readonly ZodIssue[], got: Json): number {
  let misfit = 0;
  for (const issue of issues) {
    if (issue.code === 'unrecognized_keys') misfit += 100 * issue.keys.length;
    else
      misfit +=
        valueAt(
          got,
          issue.path.filter((key) => typeof key !== 'symbol'),
        ) === undefined
          ? 100
          : 1;
  }
  return misfit;
}

function ambiguousObject(got: object, path: Path, schemas: readonly z.ZodType[]): ConfigIssue[] {
  const known = knownKeys(schemas);
  const unknown = Object.keys(got).filter((key) => !known.includes(key));
  if (unknown.length > 0) return unknown.map((key) => unknownKey([...path, key], key, known, Object.keys(got)));
  const required = requiredKeys(schemas);
  const present = Object.keys(got).filter((key) => required.includes(key));
  const found =
    present.length > 1 ? say('got {present}; make them separate items', { present: allOf(present) }) : say('got none');
  const message = say('expected exactly one of {required}, {found}', { required: anyOf(required), found });
  return [{ path, code: 'bad-value', message }];
}

function unknownKey(path: Path, key: string, known: readonly string[], present: readonly string[]): ConfigIssue {
  if (known.includes(key)) {
    const others = allOf(present.filter((other) => other !== key));
    return {
      path,
      code: 'unknown-key',
      message: say('the key "{key}" does not go with {others}; remove it', { key, others }),
    };
  }
  const meant = nearest(key, known);
  const listed = known.length > 0 ? say('known keys: {known}', { known: known.join(', ') }) : say('remove it');
  const hint = meant ? say('did you mean "{meant}"?', { meant }) : listed;
  const message = say('unknown key "{key}"; {hint}', { key, hint });
  return meant ? { path, code: 'unknown-key', message, suggestion: meant } : { path, code: 'unknown-key', message };
}

function missingKey(path: Path, schemas: readonly z.ZodType[]): ConfigIssue {
  const key = String(path.at(-1) ?? '');
  const expected = schemas.length > 0 ? say(': expected {forms}', { forms: expectedBy(schemas) }) : '';
  return { path, code: 'missing-key', message: say('missing key "{key}"{expected}', { key, expected }) };
}

function badValue(path: Path, got: Json, schemas: readonly z.ZodType[], custom: string | null): ConfigIssue {
  const expectation = custom
    ? asSaid(custom.replace(/^Invalid input: /, ''))
    : say('expected {forms}', { forms: expectedBy(schemas) });
  const found = /\bgot\b/.test(english(expectation)) ? '' : say(', got {got}', { got: show(got) });
  const message =
    path.length > 0
      ? say('bad value for "{path}": {expectation}{found}', { path: pathText(path), expectation, found })
      : say('{expectation}{found}', { expectation, found });
  const meant = typeof got === 'string' ? nearest(got, wordsOf(schemas)) : null;
  if (meant === null) return { path, code: 'bad-value', message };
  return {
    path,
    code: 'bad-value',
    message: say('{message}; did you mean "{meant}"?', { message, meant }),
    suggestion: meant,
  };
}

function pathText(path: Path): string {
  return path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? key : `${text}.${key}`),
    '',
  );
}

function show(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

const anyOf = (list: SaidList['list']): SaidList => ({ list, by: 'or' });
const allOf = (list: SaidList['list']): SaidList => ({ list, by: 'and' });

function valueAt(value: Json, path: Path): Json | undefined {
  let at: unknown = value;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<string | number, unknown>)[key];
  }
  return at as Json | undefined;
}

function unwrap(schema: z.core.$ZodType): z.ZodType[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodExactOptional) return unwrap(schema.def.innerType);
  if (schema instanceof z.ZodNullable) return [...unwrap(schema.def.innerType), z.null()];
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(unwrap);
  return schema instanceof z.ZodType ? [schema] : [];
}

/** The schemas that a value at `path` may meet, unions opened. */
function schemasAt(root: z.ZodType, path: Path): z.ZodType[] {
  return path.reduce<z.ZodType[]>((schemas, key) => schemas.flatMap((schema) => stepInto(schema, key)), unwrap(root));
}

function stepInto(schema: z.ZodType, key: string | number): z.ZodType[] {
  if (schema instanceof z.ZodArray) return unwrap(schema.element);
  if (schema instanceof z.ZodRecord) return unwrap(schema.valueType);
  if (!(schema instanceof z.ZodObject) || !Object.hasOwn(schema.shape, key)) return [];
  const inner = (schema.shape as Record<string, z.core.$ZodType>)[key];
  return inner ? unwrap(inner) : [];
}

function shapesOf(schemas: readonly z.ZodType[]): Record<string, z.core.$ZodType>[] {
  return schemas.flatMap((schema) => (schema instanceof z.ZodObject ? [schema.shape] : []));
}

function knownKeys(schemas: readonly z.ZodType[]): string[] {
  return [...new Set(shapesOf(schemas).flatMap((shape) => Object.keys(shape)))];
}

function requiredKeys(schemas: readonly z.ZodType[]): string[] {
  const isRequired = (schema: z.core.$ZodType): boolean =>
    !(schema instanceof z.ZodOptional || schema instanceof z.ZodExactOptional);
  const keys = shapesOf(schemas).flatMap((shape) =>
    Object.keys(shape).filter((key) => isRequired(shape[key] as z.ZodType)),
  );
  return [...new Set(keys)];
}

function wordsOf(schemas: readonly z.ZodType[]): string[] {
  return schemas.flatMap((schema) => {
    if (schema instanceof z.ZodEnum) return schema.options.map(String);
    return schema instanceof z.ZodLiteral ? [...schema.values].filter((value) => typeof value === 'string') : [];
  });
}

function expectedBy(schemas: readonly z.ZodType[]): SaidValue {
  const maps = schemas.filter((schema) => schema instanceof z.ZodObject);
  if (maps.length < 2) {
    const forms = distinct(schemas.flatMap(formsOf));
    return forms.length === 0 ? say('another value') : anyOf(forms);
  }
  const others = schemas.filter((schema) => !maps.includes(schema as z.ZodObject)).flatMap(formsOf);
  return anyOf([...distinct(others), say('a map with {required}', { required: anyOf(requiredKeys(maps)) })]);
}

function distinct(forms: readonly (string | Said)[]): (string | Said)[] {
  return [...new Map(forms.map((form) => [english(form), form])).values()];
}

function formsOf(schema: z.ZodType): (string | Said)[] {
  if (schema instanceof z.ZodEnum) return schema.options.map(String);
  if (schema instanceof z.ZodLiteral) return [...schema.values].map(String);
  if (schema instanceof z.ZodString) return [say('text')];
  if (schema instanceof z.ZodNumber) return [schema.format === 'safeint' ? say('a whole number') : say('a number')];
  if (schema instanceof z.ZodBoolean) return ['true', 'false'];
  if (schema instanceof z.ZodNull) return ['null'];
  if (schema instanceof z.ZodArray) return [say('a list of {forms}', { forms: expectedBy(unwrap(schema.element)) })];
  if (schema instanceof z.ZodRecord) return [say('a map')];
  if (schema instanceof z.ZodObject)
    return [say('a map {keys}', { keys: `{ ${Object.keys(schema.shape).join(', ')} }` })];
  return [];
}
