/** The wire of Protocol Buffers, as much of it as ONNX needs: varints, texts, bytes and messages. */
const VARINT = 0;
const LENGTH = 2;

/** Fields of a message, in the order they are told. */
export class Message {
  readonly #parts: Uint8Array[] = [];

  int(field: number, value: number): this {
    return this.#push(varint(field * 8 + VARINT), varint(value));
  }

  text(field: number, value: string): this {
    return this.bytes(field, Buffer.from(value, 'utf8'));
  }

  bytes(field: number, value: Uint8Array): this {
    return this.#push(varint(field * 8 + LENGTH), varint(value.length), value);
  }

  message(field: number, value: Message): this {
    return this.bytes(field, value.finish());
  }

  /** Packed: one length for all of them. */
  ints(field: number, values: Iterable<number>): this {
    return this.bytes(field, Buffer.concat(Array.from(values, varint)));
  }

  finish(): Uint8Array {
    return Buffer.concat(this.#parts);
  }

  #push(...parts: readonly Uint8Array[]): this {
    this.#parts.push(...parts);
    return this;
  }
}

/** Negative numbers are of 64 bits, as two's complement. */
export function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let left = BigInt.asUintN(64, BigInt(value));
  while (left > 127n) {
    bytes.push(Number(left & 127n) | 128);
    left >>= 7n;
  }
  bytes.push(Number(left));
  return Uint8Array.from(bytes);
}
