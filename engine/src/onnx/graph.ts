import { Message } from './protobuf.ts';
import type { ElementType, Tensor } from './tensor.ts';
import { elementTypes, tensorMessage } from './tensor.ts';

const IR_VERSION = 10;
const OPSET = 18;
/** Trees with categories and numbers of 64 bits begin here. */
const ML_OPSET = 5;
export const ML = 'ai.onnx.ml';

export type Attribute = number | readonly number[] | readonly string[] | Tensor;
export type Attributes = Readonly<Record<string, Attribute>>;

/** A graph while it is built; values are known by their names. */
export class Graph {
  readonly #message = new Message();
  readonly #taken = new Set<string>();
  #made = 0;

  constructor(name: string) {
    this.#message.text(2, name);
  }

  /** One value for each row. */
  input(name: string, type: ElementType): string {
    this.#taken.add(name);
    this.#message.message(11, valueInfo(name, type, [null, 1]));
    return name;
  }

  constant(tensor: Tensor): string {
    const name = this.#fresh('c');
    this.#message.message(5, tensorMessage(tensor, name));
    return name;
  }

  node(op: string, inputs: readonly string[], attributes: Attributes = {}, domain = ''): string {
    const output = this.#fresh(op);
    this.#add(op, inputs, output, attributes, domain);
    return output;
  }

  /** Tells a value under a name of its own; answers that name, which no input has. */
  output(value: string, wanted: string, type: ElementType, columns: number | null): string {
    let name = wanted;
    while (this.#taken.has(name)) name += '_';
    this.#taken.add(name);
    this.#add('Identity', [value], name, {}, '');
    this.#message.message(12, valueInfo(name, type, columns === null ? [null] : [null, columns]));
    return name;
  }

  /** The bytes of a ModelProto. */
  finish(producer: string, facts: Readonly<Record<string, string>>): Uint8Array {
    const model = new Message().int(1, IR_VERSION).text(2, producer).message(7, this.#message);
    model.message(8, new Message().text(1, '').int(2, OPSET));
    model.message(8, new Message().text(1, ML).int(2, ML_OPSET));
    for (const [key, value] of Object.entries(facts)) model.message(14, new Message().text(1, key).text(2, value));
    return model.finish();
  }

  #add(op: string, inputs: readonly string[], output: string, attributes: Attributes, domain: string): void {
    const node = new Message();
    for (const input of inputs) node.text(1, input);
    node.text(2, output).text(3, output).text(4, op);
    for (const [name, value] of Object.entries(attributes)) node.message(5, attributeMessage(name, value));
    if (domain !== '') node.text(7, domain);
    this.#message.message(1, node);
  }

  /** No input begins with a slash and a number. */
  #fresh(of: string): string {
    this.#made += 1;
    return `/${this.#made}/${of}`;
  }
}

const INT = 2;
const TENSOR = 4;
const INTS = 7;
const STRINGS = 8;

function attributeMessage(name: string, value: Attribute): Message {
  const message = new Message().text(1, name);
  if (typeof value === 'number') return message.int(3, value).int(20, INT);
  if (isTensor(value)) return message.message(5, tensorMessage(value, '')).int(20, TENSOR);
  if (!value.every((each) => typeof each === 'string')) return message.ints(8, value.map(Number)).int(20, INTS);
  for (const each of value) message.text(9, each);
  return message.int(20, STRINGS);
}

function isTensor(value: Exclude<Attribute, number>): value is Tensor {
  return !Array.isArray(value);
}

/** Null is as many as there are rows. */
function valueInfo(name: string, type: ElementType, dims: readonly (number | null)[]): Message {
  const shape = new Message();
  for (const dim of dims) shape.message(1, dim === null ? new Message().text(2, 'rows') : new Message().int(1, dim));
  const tensor = new Message().int(1, elementTypes[type]).message(2, shape);
  return new Message().text(1, name).message(2, new Message().message(1, tensor));
}
