/** JSON Schema, as far as it can be compared: what is not understood counts as another schema. */
type Schema = Readonly<Record<string, unknown>>;

/** Why values that are valid by `written` may not be valid by `reading`. */
export function jsonProblems(reading: string, written: string): string[] {
  const [reader, writer] = [JSON.parse(reading), JSON.parse(written)] as [unknown, unknown];
  return reads(reader, writer, '', [reader, writer], new Set());
}

/** Throws an error that says what is wrong with the text. */
export function checkJsonSchema(text: string): void {
  const json: unknown = JSON.parse(text);
  if (typeof json === 'boolean' || isObject(json)) return;
  throw new Error('a JSON Schema is an object, or true or false');
}

/** Compared one by one below; others have to be equal. */
const KNOWN = new Set(
  'type properties required additionalProperties items enum const $ref minimum maximum exclusiveMinimum exclusiveMaximum minLength maxLength minItems maxItems'.split(
    ' ',
  ),
);
const SILENT = new Set(
  '$schema $id id title description default examples $comment $defs definitions readOnly writeOnly deprecated format'.split(
    ' ',
  ),
);
const LOWER = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems'];
const UPPER = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems'];

function reads(reader: unknown, writer: unknown, path: string, roots: [unknown, unknown], seen: Set<string>): string[] {
  const [r, w] = [resolved(reader, roots[0]), resolved(writer, roots[1])];
  if (r === true || w === false || (isObject(r) && Object.keys(r).every((key) => SILENT.has(key)))) return [];
  if (!isObject(r) || !isObject(w)) return [`${at(path)}: everything was allowed, now not`];
  const pair = `${JSON.stringify(r)}\0${JSON.stringify(w)}`;
  if (seen.has(pair)) return [];
  seen.add(pair);
  return [
    ...typeProblems(r, w, path),
    ...valueProblems(r, w, path),
    ...boundProblems(r, w, path),
    ...otherProblems(r, w, path),
    ...objectProblems(r, w, path, roots, seen),
    ...('items' in r ? reads(r['items'], w['items'] ?? true, `${path}[]`, roots, seen) : []),
  ];
}

function typeProblems(r: Schema, w: Schema, path: string): string[] {
  if (!('type' in r)) return [];
  const [allowed, given] = [typesOf(r), typesOf(w)];
  if (given.length === 0 && !('enum' in w || 'const' in w))
    return [`${at(path)}: any type was allowed, now ${allowed.join(', ')}`];
  const lost = given.filter((type) => !allowed.includes(type) && !(type === 'integer' && allowed.includes('number')));
  return lost.length === 0 ? [] : [`${at(path)}: ${lost.join(', ')} cannot be read as ${allowed.join(', ')}`];
}

function valueProblems(r: Schema, w: Schema, path: string): string[] {
  const values = (schema: Schema) =>
    'const' in schema ? [schema['const']] : Array.isArray(schema['enum']) ? (schema['enum'] as unknown[]) : null;
  const [allowed, given] = [values(r), values(w)];
  if (allowed === null) return [];
  if (given === null) return [`${at(path)}: any value was allowed, now a list`];
  const known = new Set(allowed.map((value) => JSON.stringify(value)));
  const lost = given.map((value) => JSON.stringify(value)).filter((value) => !known.has(value));
  return lost.length === 0 ? [] : [`${at(path)}: ${lost.join(', ')} is not allowed any more`];
}

function boundProblems(r: Schema, w: Schema, path: string): string[] {
  const tighter = (key: string, isTighter: (now: number, then: number) => boolean) => {
    const [now, then] = [r[key], w[key]];
    if (typeof now !== 'number') return [];
    return typeof then === 'number' && !isTighter(now, then) ? [] : [`${at(path)}: ${key} is tighter`];
  };
  return [
    ...LOWER.flatMap((key) => tighter(key, (now, then) => now > then)),
    ...UPPER.flatMap((key) => tighter(key, (now, then) => now < then)),
  ];
}

function otherProblems(r: Schema, w: Schema, path: string): string[] {
  const other = Object.keys(r).filter((key) => !KNOWN.has(key) && !SILENT.has(key));
  return other
    .filter((key) => JSON.stringify(r[key]) !== JSON.stringify(w[key]))
    .map((key) => `${at(path)}: ${key} is another`);
}

function objectProblems(r: Schema, w: Schema, path: string, roots: [unknown, unknown], seen: Set<string>): string[] {
  const [inReader, inWriter] = [propertiesOf(r), propertiesOf(w)];
  const place = (name: string) => (path === '' ? name : `${path}.${name}`);
  const wasRequired = new Set(namesIn(w['required']));
  const needed = namesIn(r['required']).filter((name) => !wasRequired.has(name));
  const missing = needed.map((name) => `${place(name)}: it is required now`);
  const others = r['additionalProperties'] ?? true;
  const known = Object.keys(inWriter).flatMap((name) => {
    if (name in inReader) return reads(inReader[name], inWriter[name], place(name), roots, seen);
    return others === false
      ? [`${place(name)}: it is not allowed any more`]
      : reads(others, inWriter[name], place(name), roots, seen);
  });
  const rest = w['additionalProperties'] ?? true;
  const added = Object.keys(inReader).flatMap((name) =>
    name in inWriter || rest === false ? [] : openProblems(inReader[name], rest, place(name), roots, seen),
  );
  const closed = others !== true && rest !== false && rest !== true ? reads(others, rest, place('*'), roots, seen) : [];
  const isShut = others === false && rest === true ? [`${at(path)}: other properties are not allowed any more`] : [];
  return [...missing, ...known, ...added, ...closed, ...isShut];
}

/** A property that was not described could hold anything that the others could: producers are taken at their word when that is all. */
function openProblems(
  reader: unknown,
  rest: unknown,
  path: string,
  roots: [unknown, unknown],
  seen: Set<string>,
): string[] {
  return rest === true ? [] : reads(reader, rest, path, roots, seen);
}

function resolved(schema: unknown, root: unknown): unknown {
  if (!isObject(schema) || typeof schema['$ref'] !== 'string') return schema;
  const [, path] = /^#\/?(.*)$/.exec(schema['$ref']) ?? [];
  if (path === undefined) return schema;
  const parts = path
    .split('/')
    .filter(Boolean)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  return parts.reduce<unknown>((at, part) => (isObject(at) ? at[part] : undefined), root) ?? schema;
}

function typesOf({ type }: Schema): string[] {
  return namesIn(typeof type === 'string' ? [type] : type);
}

function propertiesOf({ properties }: Schema): Schema {
  return isObject(properties) ? properties : {};
}

function namesIn(json: unknown): string[] {
  return Array.isArray(json) ? json.filter((each): each is string => typeof each === 'string') : [];
}

function isObject(json: unknown): json is Schema {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function at(path: string): string {
  return path === '' ? 'the schema' : path;
}
