/** Avro schemas with the full names of their types resolved. */
export interface AvroNode {
  readonly kind: string;
  /** Of named types. */
  readonly name: string;
  readonly aliases: readonly string[];
  readonly fields: readonly AvroField[];
  readonly symbols: readonly string[];
  readonly hasDefault: boolean;
  readonly size: number | null;
  /** Of arrays, maps: one; of unions: their branches. */
  readonly parts: readonly AvroNode[];
  readonly logical: string;
}

export interface AvroField {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly hasDefault: boolean;
  readonly type: AvroNode;
}

type Json = string | readonly Json[] | { readonly [key: string]: unknown };
const PRIMITIVES = new Set(['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string']);
const NAMED = new Set(['record', 'error', 'enum', 'fixed']);

/** Throws an error that says what is wrong with the text. */
export function parseAvro(text: string): AvroNode {
  const json: unknown = /^\s*[{["]/.test(text) ? JSON.parse(text) : text.trim();
  return nodeOf(json as Json, '', new Map(), 'the schema');
}

const plain = (kind: string, more: Partial<AvroNode> = {}): AvroNode => ({
  kind,
  name: '',
  aliases: [],
  fields: [],
  symbols: [],
  hasDefault: false,
  size: null,
  parts: [],
  logical: '',
  ...more,
});

function nodeOf(json: Json, space: string, known: Map<string, AvroNode>, path: string): AvroNode {
  if (typeof json === 'string') return namedOf(json, space, known, path);
  if (Array.isArray(json)) return unionOf(json as readonly Json[], space, known, path);
  const object = json as Readonly<Record<string, unknown>>;
  const { type } = object;
  const logical = logicalOf(object);
  if (type === 'array')
    return plain('array', { parts: [nodeOf(partOf(object['items'], path), space, known, `${path}[]`)] });
  if (type === 'map')
    return plain('map', { parts: [nodeOf(partOf(object['values'], path), space, known, `${path}{}`)] });
  if (typeof type === 'string' && NAMED.has(type)) return definedOf({ ...object, type }, space, known, path);
  const inner = nodeOf(partOf(type, path), space, known, path);
  return logical === '' ? inner : { ...inner, logical };
}

function partOf(json: unknown, path: string): Json {
  if (json === undefined || json === null) throw new Error(`${path} has no type`);
  return json as Json;
}

function namedOf(name: string, space: string, known: ReadonlyMap<string, AvroNode>, path: string): AvroNode {
  if (PRIMITIVES.has(name)) return plain(name);
  const found = known.get(fullName(name, space)) ?? known.get(name);
  if (found) return found;
  throw new Error(`${path} is of type ${name}, which the schema does not define`);
}

function unionOf(branches: readonly Json[], space: string, known: Map<string, AvroNode>, path: string): AvroNode {
  const parts = branches.map((branch) => nodeOf(branch, space, known, path));
  const names = parts.map((part) => (part.name === '' ? part.kind : part.name));
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new Error(`${path} is a union that has ${twice} twice`);
  if (parts.some(({ kind }) => kind === 'union')) throw new Error(`${path} is a union in a union`);
  return plain('union', { parts });
}

interface Definition extends Readonly<Record<string, unknown>> {
  readonly type: string;
}

function definedOf(object: Definition, space: string, known: Map<string, AvroNode>, path: string): AvroNode {
  const said = object['name'];
  if (typeof said !== 'string' || !/^[A-Za-z_][\w.]*$/.test(said)) throw new Error(`${path} has no name`);
  const own = typeof object['namespace'] === 'string' && !said.includes('.') ? object['namespace'] : space;
  const name = fullName(said, own);
  if (known.has(name)) throw new Error(`${path} defines ${name} twice`);
  const inner = name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : '';
  const fields: AvroField[] = [];
  const symbols = textsIn(object['symbols']);
  const node = plain(object.type === 'error' ? 'record' : object.type, {
    name,
    aliases: textsIn(object['aliases']).map((alias) => fullName(alias, inner)),
    fields,
    symbols,
    hasDefault: typeof object['default'] === 'string',
    size: typeof object['size'] === 'number' ? object['size'] : null,
    logical: logicalOf(object),
  });
  if (node.kind === 'enum' && symbols.length === 0) throw new Error(`${path} is an enum without symbols`);
  if (node.kind === 'fixed' && node.size === null) throw new Error(`${path} is fixed without a size`);
  known.set(name, node); // before its fields: they may hold it
  if (node.kind === 'record') fields.push(...fieldsOf(object['fields'], inner, known, path));
  return node;
}

function fieldsOf(json: unknown, space: string, known: Map<string, AvroNode>, path: string): AvroField[] {
  if (!Array.isArray(json)) throw new Error(`${path} is a record without fields`);
  const seen = new Set<string>();
  return (json as Readonly<Record<string, unknown>>[]).map((field) => {
    const { name } = field;
    if (typeof name !== 'string' || !/^[A-Za-z_]\w*$/.test(name)) throw new Error(`${path} has a field without a name`);
    if (seen.has(name)) throw new Error(`${path} has the field ${name} twice`);
    seen.add(name);
    const place = path === 'the schema' ? name : `${path}.${name}`;
    const type = nodeOf(partOf(field['type'], place), space, known, place);
    return { name, aliases: textsIn(field['aliases']), hasDefault: 'default' in field, type };
  });
}

function textsIn(json: unknown): string[] {
  return Array.isArray(json) ? json.filter((each): each is string => typeof each === 'string') : [];
}

function fullName(name: string, space: string): string {
  return name.includes('.') || space === '' ? name : `${space}.${name}`;
}

/** Of decimals what makes two of them different; other logical types are read as what they lie on. */
function logicalOf({ logicalType, precision, scale }: Readonly<Record<string, unknown>>): string {
  if (logicalType !== 'decimal') return '';
  const number = (value: unknown) => (typeof value === 'number' ? String(value) : '0');
  return `decimal(${number(precision)}, ${number(scale)})`;
}
