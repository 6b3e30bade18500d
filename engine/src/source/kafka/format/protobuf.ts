import protobuf from 'protobufjs';
import { Fault, say } from '@datacraft/shared';
import type { Decoder } from './decoder.ts';
import { enveloped } from './envelope.ts';
import type { ProtoMessage } from './protobuf-values.ts';
import { protoMessage } from './protobuf-values.ts';
import type { Registry } from './registry.ts';
import { createTypes } from './types.ts';
import { Undecodable } from './undecodable.ts';

interface Reader {
  readonly type: protobuf.Type;
  readonly message: ProtoMessage;
}

/** Messages with the id of their schema, and which message of it they are, before them. */
export function protobufOfRegistry(registry: Registry, name: string | null): Decoder {
  const types = createTypes();
  const readers = new Map<string, Promise<Reader>>();
  const readerOf = (id: number, path: readonly number[]) => {
    const key = `${id}:${path.join('.')}`;
    const before = readers.get(key);
    if (before) return before;
    const made = registry.byId(id).then(({ schema, schemaType, references }) => {
      if (schemaType !== 'PROTOBUF')
        throw new Undecodable(
          say('its schema {id} is of type {type}, not Protobuf', { id: String(id), type: schemaType }),
        );
      const root = rootOf(schema, references);
      return readerFor(name === null ? typeAt(root.file, path) : root.root.lookupType(name));
    });
    readers.set(key, made);
    made.catch(() => readers.delete(key));
    return made;
  };
  return {
    types: types.known,
    async decode(bytes) {
      const { id, payload } = enveloped(bytes);
      const { path, rest } = indexesOf(payload);
      const reader = await readerOf(id, path);
      types.learn(id, reader.message.columns);
      return recordOf(reader, rest);
    },
  };
}

/** Messages that are Protobuf alone, all of one type of the text of a `.proto` file. */
export function protobufOfSchema(text: string, name: string | null): Decoder {
  const types = createTypes();
  let reader: Reader;
  try {
    const { root, file } = rootOf(text, []);
    reader = readerFor(name === null ? typeAt(file, [0]) : root.lookupType(name));
  } catch (error) {
    throw new Fault(
      'bad-request',
      say('format: the .proto text cannot be read: {reason}', { reason: messageOf(error) }),
      {},
      { cause: error },
    );
  }
  types.learn(0, reader.message.columns);
  return { types: types.known, decode: (bytes) => recordOf(reader, bytes) };
}

interface Parsed {
  readonly root: protobuf.Root;
  /** Where the messages of the text itself are, in its order. */
  readonly file: protobuf.NamespaceBase;
}

function rootOf(text: string, references: readonly { readonly name: string; readonly schema: string }[]): Parsed {
  try {
    const root = new protobuf.Root();
    const options = { keepCase: true };
    for (const { schema } of references) protobuf.parse(schema, root, options);
    for (const each of wellKnown) if (text.includes(each)) protobuf.parse(wellKnownText[each], root, options);
    const parsed = protobuf.parse(text, root, options);
    root.resolveAll();
    const file = parsed.package === undefined ? root : root.lookup(parsed.package);
    return { root, file: file instanceof protobuf.Namespace ? file : root };
  } catch (error) {
    throw new Undecodable(say('its Protobuf schema cannot be read: {why}', { why: messageOf(error) }), {
      cause: error,
    });
  }
}

const wellKnown = [
  'google/protobuf/timestamp.proto',
  'google/protobuf/duration.proto',
  'google/protobuf/wrappers.proto',
] as const;
const header = 'syntax = "proto3"; package google.protobuf;';
const wrapper = (name: string, type: string) => `message ${name}Value { ${type} value = 1; }`;
const wellKnownText: Readonly<Record<(typeof wellKnown)[number], string>> = {
  'google/protobuf/timestamp.proto': `${header} message Timestamp { int64 seconds = 1; int32 nanos = 2; }`,
  'google/protobuf/duration.proto': `${header} message Duration { int64 seconds = 1; int32 nanos = 2; }`,
  'google/protobuf/wrappers.proto': [
    header,
    wrapper('Double', 'double'),
    wrapper('Float', 'float'),
    wrapper('Int64', 'int64'),
    wrapper('UInt64', 'uint64'),
    wrapper('Int32', 'int32'),
    wrapper('UInt32', 'uint32'),
    wrapper('Bool', 'bool'),
    wrapper('String', 'string'),
    wrapper('Bytes', 'bytes'),
  ].join(' '),
};

/** The message at a path of places: the first number among the messages of the file, the next among those inside it. */
function typeAt(file: protobuf.NamespaceBase, path: readonly number[]): protobuf.Type {
  let at: protobuf.NamespaceBase = file;
  for (const index of path) {
    const found = at.nestedArray.filter((each): each is protobuf.Type => each instanceof protobuf.Type)[index];
    if (!found) throw new Undecodable(say('its schema has no message at {path}', { path: path.join('.') }));
    at = found;
  }
  return at as protobuf.Type;
}

function readerFor(type: protobuf.Type): Reader {
  return { type, message: protoMessage(type) };
}

/** Zigzag varints: how many, then each; a single 0 is the first message. */
function indexesOf(bytes: Buffer): { path: readonly number[]; rest: Buffer } {
  const reader = protobuf.Reader.create(bytes);
  try {
    const count = reader.sint32();
    const path = count === 0 ? [0] : Array.from({ length: count }, () => reader.sint32());
    return { path, rest: bytes.subarray(reader.pos) };
  } catch (error) {
    throw new Undecodable(say('it ends before it says which message it is'), { cause: error });
  }
}

function recordOf({ type, message }: Reader, bytes: Buffer): object {
  let decoded: protobuf.Message;
  try {
    decoded = type.decode(bytes);
  } catch (error) {
    throw new Undecodable(say('not Protobuf of {type}: {why}', { type: type.name, why: messageOf(error) }), {
      cause: error,
    });
  }
  return message.plain(decoded);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
