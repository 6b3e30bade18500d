import { Message } from './protobuf.ts';

/** Numbers of TensorProto.DataType. */
export const elementTypes = { uint8: 2, int64: 7, string: 8, bool: 9, double: 11 } as const;
export type ElementType = keyof typeof elementTypes;

export interface Tensor {
  readonly type: ElementType;
  readonly dims: readonly number[];
  readonly values: readonly number[] | readonly string[];
}

export function doubles(values: ArrayLike<number>, dims: readonly number[] = [values.length]): Tensor {
  return { type: 'double', dims, values: Array.from(values) };
}

export function ints(values: readonly number[]): Tensor {
  return { type: 'int64', dims: [values.length], values };
}

export function bytes(values: readonly number[]): Tensor {
  return { type: 'uint8', dims: [values.length], values };
}

export function texts(values: readonly string[]): Tensor {
  return { type: 'string', dims: [values.length], values };
}

export function scalar(value: number): Tensor {
  return doubles([value], []);
}

export function tensorMessage({ type, dims, values }: Tensor, name: string): Message {
  const message = new Message().ints(1, dims).int(2, elementTypes[type]).text(8, name);
  if (type !== 'string') return message.bytes(9, raw(type, values.map(Number)));
  for (const value of values) message.text(6, String(value));
  return message;
}

/** Little-endian. */
function raw(type: ElementType, values: readonly number[]): Uint8Array {
  if (type === 'uint8' || type === 'bool') return Uint8Array.from(values);
  const buffer = Buffer.alloc(values.length * 8);
  for (const [at, value] of values.entries()) {
    if (type === 'double') buffer.writeDoubleLE(value, at * 8);
    else buffer.writeBigInt64LE(BigInt(value), at * 8);
  }
  return buffer;
}
