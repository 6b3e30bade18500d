import { Fault, messageDurable, say } from '@datacraft/shared';

/**
 * The y-protocols wire, both ways. A frame is `varint type` and what the type says:
 *
 *   0 sync:      varint step (0 StateVector, 1 SyncStep2, 2 Update), bytes      1 awareness: bytes
 *   2 auth:      varint 0, string reason                                       3 awareness query
 *   100 durable: varint count (ours)
 *
 * `bytes` is a varint length and that many bytes.
 */
export type Incoming =
  | { readonly kind: 'state-vector'; readonly bytes: Uint8Array }
  | { readonly kind: 'update' | 'state'; readonly bytes: Uint8Array }
  | { readonly kind: 'awareness'; readonly bytes: Uint8Array }
  | { readonly kind: 'awareness-query' }
  | { readonly kind: 'ignored' };

/** Throws `bad-request` for anything that is not the protocol. */
export function readFrame(frame: Uint8Array): Incoming {
  const reader = readerOf(frame);
  const type = reader.varint();
  switch (type) {
    case 0:
      return readSync(reader);
    case 1:
      return { kind: 'awareness', bytes: reader.bytes() };
    case 2:
      return { kind: 'ignored' };
    case 3:
      return { kind: 'awareness-query' };
    default:
      throw broken(`unknown message type ${type}`);
  }
}

function readSync(reader: Reader): Incoming {
  const step = reader.varint();
  if (step === 0) return { kind: 'state-vector', bytes: reader.bytes() };
  if (step === 1) return { kind: 'state', bytes: reader.bytes() };
  if (step === 2) return { kind: 'update', bytes: reader.bytes() };
  throw broken(`unknown sync step ${step}`);
}

export interface Reader {
  varint(): number;
  bytes(): Uint8Array;
  text(): string;
}

export function readerOf(frame: Uint8Array): Reader {
  let at = 0;
  const varint = () => {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = frame[at++];
      if (byte === undefined) throw broken('it ends in the middle of a number');
      value += (byte & 127) * factor;
      if (byte < 128) break;
      factor *= 128;
      if (value > Number.MAX_SAFE_INTEGER || factor > Number.MAX_SAFE_INTEGER) throw broken('a number is too large');
    }
    return value;
  };
  const bytes = () => {
    const length = varint();
    if (length > frame.length - at) throw broken(`it announces ${length} bytes and has ${frame.length - at}`);
    at += length;
    return frame.subarray(at - length, at);
  };
  return { varint, bytes, text: () => new TextDecoder().decode(bytes()) };
}

function broken(how: string): Fault {
  return new Fault('bad-request', say('broken sync frame: {how}', { how }));
}

function varintBytes(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return [...bytes, rest];
}

function frameOf(head: readonly number[], bytes: Uint8Array): Uint8Array {
  const prefix = [...head, ...varintBytes(bytes.length)];
  const frame = new Uint8Array(prefix.length + bytes.length);
  frame.set(prefix);
  frame.set(bytes, prefix.length);
  return frame;
}

export const frames = {
  stateVector: (bytes: Uint8Array) => frameOf([0, 0], bytes),
  syncStep2: (bytes: Uint8Array) => frameOf([0, 1], bytes),
  update: (bytes: Uint8Array) => frameOf([0, 2], bytes),
  awareness: (bytes: Uint8Array) => frameOf([1], bytes),
  denied: (reason: string) => frameOf([2, 0], new TextEncoder().encode(reason)),
  durable: (count: number) => Uint8Array.from([messageDurable, ...varintBytes(count)]),
};

/** One peer's entry of an awareness update; `state` is JSON text, `null` when the peer left. */
export interface PresenceEntry {
  readonly clientId: number;
  readonly clock: number;
  readonly state: string;
}

export function readPresence(bytes: Uint8Array): PresenceEntry[] {
  const reader = readerOf(bytes);
  const count = reader.varint();
  if (count > 10_000) throw broken(`${count} peers in one awareness message`);
  return Array.from({ length: count }, () => ({
    clientId: reader.varint(),
    clock: reader.varint(),
    state: reader.text(),
  }));
}

export function writePresence(entries: readonly PresenceEntry[]): Uint8Array {
  const parts: number[] = varintBytes(entries.length);
  for (const { clientId, clock, state } of entries) {
    const text = new TextEncoder().encode(state);
    parts.push(...varintBytes(clientId), ...varintBytes(clock), ...varintBytes(text.length), ...text);
  }
  return Uint8Array.from(parts);
}
