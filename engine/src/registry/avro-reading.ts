import type { AvroField, AvroNode } from './avro-names.ts';
import { parseAvro } from './avro-names.ts';

/** Why data of the schema `written` cannot be read by `reading`, by Avro's rules of schema resolution. */
export function avroProblems(reading: string, written: string): string[] {
  return reads(parseAvro(reading), parseAvro(written), '', new Set());
}

const PROMOTIONS: Readonly<Record<string, readonly string[]>> = {
  int: ['long', 'float', 'double'],
  long: ['float', 'double'],
  float: ['double'],
  string: ['bytes'],
  bytes: ['string'],
};

/** `seen`: pairs of records that are being compared; types may hold themselves. */
function reads(reader: AvroNode, writer: AvroNode, path: string, seen: Set<string>): string[] {
  if (writer.kind === 'union') return writer.parts.flatMap((part) => reads(reader, part, path, seen));
  if (reader.kind === 'union') {
    const fits = reader.parts.some((part) => reads(part, writer, path, new Set(seen)).length === 0);
    return fits ? [] : [`${at(path)}: ${nameOf(writer)} is none of ${reader.parts.map(nameOf).join(', ')}`];
  }
  if (reader.kind !== writer.kind) {
    const isWider = PROMOTIONS[writer.kind]?.includes(reader.kind) ?? false;
    return isWider ? [] : [`${at(path)}: ${nameOf(writer)} cannot be read as ${nameOf(reader)}`];
  }
  if (reader.logical !== writer.logical)
    return [`${at(path)}: ${writer.logical || nameOf(writer)} cannot be read as ${reader.logical || nameOf(reader)}`];
  return readsSameKind(reader, writer, path, seen);
}

function readsSameKind(reader: AvroNode, writer: AvroNode, path: string, seen: Set<string>): string[] {
  if (reader.name !== '' && !isNamedAlike(reader, writer))
    return [`${at(path)}: ${writer.name} is now called ${reader.name}, without an alias`];
  const [inner, written] = [reader.parts[0], writer.parts[0]];
  if (inner && written) return reads(inner, written, path + (reader.kind === 'map' ? '{}' : '[]'), seen);
  switch (reader.kind) {
    case 'fixed':
      return reader.size === writer.size ? [] : [`${at(path)}: ${writer.size} bytes cannot be read as ${reader.size}`];
    case 'enum': {
      const lost = writer.symbols.filter((symbol) => !reader.symbols.includes(symbol));
      return lost.length === 0 || reader.hasDefault
        ? []
        : [`${at(path)}: the symbols ${lost.join(', ')} are not known`];
    }
    case 'record': {
      const pair = `${reader.name}\0${writer.name}`;
      if (seen.has(pair)) return [];
      seen.add(pair);
      return reader.fields.flatMap((field) => readsField(field, writer, path, seen));
    }
    default:
      return [];
  }
}

function readsField(field: AvroField, writer: AvroNode, path: string, seen: Set<string>): string[] {
  const names = [field.name, ...field.aliases];
  const written = names
    .map((name) => writer.fields.find((each) => each.name === name))
    .find((each) => each !== undefined);
  const place = path === '' ? field.name : `${path}.${field.name}`;
  if (written) return reads(field.type, written.type, place, seen);
  return field.hasDefault ? [] : [`${place}: the field is not in the data and has no default`];
}

/** Names without their space are what tells types apart, as Java's library has it. */
function isNamedAlike(reader: AvroNode, writer: AvroNode): boolean {
  const last = (name: string) => name.slice(name.lastIndexOf('.') + 1);
  return last(reader.name) === last(writer.name) || reader.aliases.includes(writer.name);
}

function nameOf({ kind, name }: AvroNode): string {
  return name === '' ? kind : `${kind} ${name}`;
}

function at(path: string): string {
  return path === '' ? 'the schema' : path;
}
