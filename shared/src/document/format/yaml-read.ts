/**
 * YAML 1.2 as the notebook uses it: JSON values in YAML's clothes, each with its place.
 *
 * Y1  Reading never throws; what cannot be read is a problem with a place.
 * Y2  Plain `yes`, `2024-01-01` and `latin-1` are text; `1e3` and `0x10` are numbers; quoted is always text.
 * Y3  In `[ ]` and `{ }` a comma inside parentheses belongs to the value: `{ amount: decimal(12,2) }`.
 * Y4  Anchors and aliases are not part of the format, so a small file cannot unfold into a large value.
 */
import type { Words } from '../../said/said.ts';
import { say } from '../../said/said.ts';
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  Scalar,
  type YAMLMap,
  type YAMLParseError,
  type YAMLSeq,
} from 'yaml';
import type { Json, JsonObject } from '../../json.ts';
import type { Place, Span } from './place.ts';

export interface YamlProblem {
  readonly code: 'bad-yaml' | 'duplicate-key' | 'bad-value';
  readonly message: Words;
  readonly span: Span;
}

export interface YamlReading {
  readonly value: JsonObject;
  readonly root: Place;
  readonly problems: readonly YamlProblem[];
}

const MAX_DEPTH = 64;

/** Reads the map that `lines` hold; `firstLine` is the file's line number of the first of them. */
export function readYaml(lines: readonly string[], firstLine: number): YamlReading {
  const reader = new Reader(lines, firstLine);
  try {
    return reader.read();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return reader.failed('nested too deeply to be read');
  }
}

interface Read {
  readonly value: Json;
  readonly place: Place;
}

class Reader {
  private readonly text: string;
  private readonly firstLine: number;
  private readonly lineStarts: number[] = [0];
  private readonly problems: YamlProblem[] = [];

  constructor(lines: readonly string[], firstLine: number) {
    this.text = lines.join('\n');
    this.firstLine = firstLine;
    for (const line of lines.slice(0, -1)) this.lineStarts.push((this.lineStarts.at(-1) ?? 0) + line.length + 1);
  }

  read(): YamlReading {
    const document = parseDocument(this.text, {
      version: '1.2',
      schema: 'core',
      merge: false,
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'silent',
    });
    const first = document.errors[0];
    if (first) this.report('bad-yaml', sentenceOf(first), first.pos[0], first.pos[1]);
    const { contents } = document;
    if (contents === null || (isScalar(contents) && contents.value === null)) return this.reading({}, this.empty());
    if (isMap(contents)) {
      const { value, place } = this.map(contents, null, 0);
      return this.reading(value, place);
    }
    const [start, end] = rangeOf(contents);
    if (!first) this.report('bad-yaml', 'expected lines of the form "key: value"', start, end);
    return this.reading({}, this.empty());
  }

  failed(message: string): YamlReading {
    this.problems.splice(0);
    this.report('bad-yaml', message, 0, 1);
    return this.reading({}, this.empty());
  }

  private reading(value: JsonObject, root: Place): YamlReading {
    return { value, root, problems: this.problems };
  }

  private empty(): Place {
    return { key: null, value: this.span(0, 0), children: new Map() };
  }

  private value(node: Node | null | undefined, key: Span | null, depth: number): Read {
    if (node === null || node === undefined)
      return { value: null, place: { ...this.empty(), key, value: key ?? this.span(0, 0) } };
    if (depth > MAX_DEPTH) throw new RangeError('too deep');
    if (isMap(node)) return this.map(node, key, depth);
    if (isSeq(node)) return this.list(node, key, depth);
    const place = { key, value: this.span(...rangeOf(node)), children: new Map<string, Place>() };
    if (isScalar(node)) return { value: this.scalar(node), place };
    const message = isAlias(node) ? 'aliases are not supported: write the value out' : 'this value is not supported';
    this.report('bad-yaml', message, ...rangeOf(node));
    return { value: null, place };
  }

  private scalar(node: Scalar): Json {
    const { value } = node;
    if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
    const [start, end] = rangeOf(node);
    const text = this.text.slice(start, end);
    if (typeof value === 'number' && isExact(value, text)) return value;
    this.report('bad-value', say('{text} cannot be kept exactly as a number: put it in quotes', { text }), start, end);
    return text;
  }

  private list(node: YAMLSeq, key: Span | null, depth: number): Read {
    const values: Json[] = [];
    const children = new Map<number, Place>();
    const items = node.items as (Node | null)[];
    for (let index = 0; index < items.length; index += 1) {
      const last = node.flow === true ? this.callEnd(items, index) : index;
      const joined = last > index ? this.joined(items[index], items[last], null) : null;
      const read = joined ?? this.value(items[index], null, depth + 1);
      children.set(values.length, read.place);
      values.push(read.value);
      index = last;
    }
    return { value: values, place: { key, value: this.span(...rangeOf(node)), children } };
  }

  private map(node: YAMLMap, key: Span | null, depth: number): { value: JsonObject; place: Place } {
    const entries = new Map<string, Json>();
    const children = new Map<string, Place>();
    const pairs = node.items as Pair<Node | null, Node | null>[];
    const pieces = pairs.map((pair, index) => (index > 0 && pair.value === null ? pair.key : undefined) ?? null);
    for (let index = 0; index < pairs.length; index += 1) {
      const pair = pairs[index];
      if (!pair) continue;
      const name = this.keyOf(pair);
      const span = pair.key ? this.span(...rangeOf(pair.key)) : null;
      pieces[index] = pair.value;
      const last = node.flow === true ? this.callEnd(pieces, index) : index;
      const joined = last > index ? this.joined(pieces[index], pieces[last], span) : null;
      const read = joined ?? this.value(pair.value, span, depth + 1);
      if (entries.has(name) && pair.key)
        this.report('duplicate-key', say('the key "{name}" is there twice', { name }), ...rangeOf(pair.key));
      entries.set(name, read.value);
      children.set(name, read.place);
      index = last;
    }
    return { value: Object.fromEntries(entries), place: { key, value: this.span(...rangeOf(node)), children } };
  }

  private keyOf(pair: Pair<Node | null, Node | null>): string {
    const { key } = pair;
    if (isScalar(key)) return typeof key.value === 'string' ? key.value : (key.source ?? '');
    const [start, end] = key ? rangeOf(key) : [0, 0];
    this.report('bad-yaml', 'expected a word as key', start, end);
    return this.text.slice(start, end);
  }

  /** The index of the item that closes the parenthesis left open by the item at `index`, or `index` itself. */
  private callEnd(items: readonly (Node | null | undefined)[], index: number): number {
    let open = 0;
    for (let at = index; at < items.length; at += 1) {
      const item = items[at];
      if (!isScalar(item) || item.type !== Scalar.PLAIN) return index;
      open += parenthesesLeftOpen(this.text.slice(...rangeOf(item)));
      if (open <= 0) return open === 0 ? at : index;
    }
    return index;
  }

  private joined(first: Node | null | undefined, last: Node | null | undefined, key: Span | null): Read | null {
    if (!first || !last) return null;
    const start = rangeOf(first)[0];
    const end = rangeOf(last)[1];
    const value = this.text.slice(start, end).replace(/\s*\n\s*/g, ' ');
    return { value, place: { key, value: this.span(start, end), children: new Map() } };
  }

  private report(code: YamlProblem['code'], message: Words, start: number, end: number): void {
    this.problems.push({ code, message, span: this.span(start, end) });
  }

  private span(start: number, end: number): Span {
    const from = this.position(start);
    const written = this.text.slice(start, end).trimEnd().length;
    const to = this.position(start + written);
    return { ...from, endLine: to.line, endColumn: to.column };
  }

  private position(offset: number): { line: number; column: number } {
    const at = Math.min(offset, this.text.length);
    let low = 0;
    let high = this.lineStarts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.lineStarts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return { line: this.firstLine + low, column: at - (this.lineStarts[low] ?? 0) + 1 };
  }
}

function rangeOf(node: Node): [number, number] {
  const range = node.range;
  return range ? [range[0], range[1]] : [0, 0];
}

/** Whole numbers beyond 2^53 lose digits; fractions are approximate by nature. */
function isExact(value: number, text: string): boolean {
  if (!Number.isFinite(value)) return false;
  return Number.isSafeInteger(value) || !Number.isInteger(value) || /[.e]/i.test(text) || String(value) === text;
}

function parenthesesLeftOpen(text: string): number {
  return text.split('(').length - text.split(')').length;
}

function sentenceOf({ code, message }: YAMLParseError): string {
  if (code === 'BLOCK_AS_IMPLICIT_KEY')
    return 'this line is indented too far, or holds a second "key: "; put such text in quotes';
  if (code === 'TAB_AS_INDENT') return 'a tab cannot indent YAML: use spaces';
  const line = message.split('\n')[0] ?? message;
  return line.replace(/:$/, '');
}
