/** Reads expressions of Jinja, tightest operators last. */
import type { SaidValue } from '@datacraft/shared';
import { say } from '@datacraft/shared';
import { JinjaProblem } from './problem.ts';
import type { Token } from './token.ts';
import { tokensOf, unquoted } from './token.ts';
import type { Arguments, Expression } from './tree.ts';

const MAX_DEPTH = 100;

/** Reads one expression from the start of `text`, whose first character is at `base` of the template. */
export class ExpressionReader {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(text: string, base: number) {
    this.#tokens = tokensOf(text, base);
  }

  /** The whole text as one expression. */
  whole(): Expression {
    const read = this.expression();
    this.end();
    return read;
  }

  end(): void {
    const token = this.peek();
    if (token.kind !== 'end')
      throw new JinjaProblem(say('"{got}" was not expected here', { got: token.text }), token.at);
  }

  peek(): Token {
    return this.#tokens[this.#next] ?? { kind: 'end', text: '', at: 0 };
  }

  take(text: string): boolean {
    const token = this.peek();
    if (token.kind === 'string' || token.kind === 'end' || token.text !== text) return false;
    this.#next += 1;
    return true;
  }

  demand(text: string): void {
    const token = this.peek();
    if (!this.take(text))
      throw new JinjaProblem(say('expected "{text}", got {got}', { text, got: gotten(token.text) }), token.at);
  }

  name(): string {
    const token = this.peek();
    if (token.kind !== 'name')
      throw new JinjaProblem(say('expected a name, got {got}', { got: gotten(token.text) }), token.at);
    this.#next += 1;
    return token.text;
  }

  expression(): Expression {
    if ((this.#depth += 1) > MAX_DEPTH) throw new JinjaProblem('nested too deeply to be read', this.peek().at);
    const then = this.#or();
    const { at } = then;
    const read: Expression = this.take('if')
      ? { kind: 'choice', at, then, test: this.#or(), otherwise: this.take('else') ? this.expression() : null }
      : then;
    this.#depth -= 1;
    return read;
  }

  #or(): Expression {
    return this.#chain(['or'], () => this.#chain(['and'], () => this.#not()));
  }

  #chain(operators: readonly string[], operand: () => Expression): Expression {
    let left = operand();
    for (;;) {
      const operator = operators.find((each) => this.take(each));
      if (operator === undefined) return left;
      left = { kind: 'binary', operator, at: left.at, left, right: operand() };
    }
  }

  #not(): Expression {
    const { at } = this.peek();
    if (this.take('not')) return { kind: 'unary', operator: 'not', at, of: this.#not() };
    return this.#comparison();
  }

  #comparison(): Expression {
    let left = this.#sum();
    for (;;) {
      const { at } = left;
      const operator = ['==', '!=', '<=', '>=', '<', '>', 'in'].find((each) => this.take(each));
      if (operator !== undefined) left = { kind: 'binary', operator, at, left, right: this.#sum() };
      else if (this.take('is')) {
        const negated = this.take('not');
        left = { kind: 'test', at, of: left, name: this.name(), negated };
      } else if (this.peek().text === 'not' && this.#tokens[this.#next + 1]?.text === 'in') {
        this.#next += 2;
        const within: Expression = { kind: 'binary', operator: 'in', at, left, right: this.#sum() };
        left = { kind: 'unary', operator: 'not', at, of: within };
      } else return left;
    }
  }

  #sum(): Expression {
    return this.#chain(['~'], () =>
      this.#chain(['+', '-'], () => this.#chain(['*', '//', '/', '%'], () => this.#unary())),
    );
  }

  #unary(): Expression {
    const { at } = this.peek();
    if (this.take('-')) return { kind: 'unary', operator: '-', at, of: this.#unary() };
    return this.#trailers(this.#primary());
  }

  #trailers(start: Expression): Expression {
    let of = start;
    for (;;) {
      const { at } = this.peek();
      if (this.take('.')) of = { kind: 'attribute', at, of, name: this.name() };
      else if (this.take('(')) of = { kind: 'call', at: of.at, callee: of, args: this.#arguments() };
      else if (this.take('[')) {
        of = { kind: 'item', at, of, key: this.expression() };
        this.demand(']');
      } else if (this.take('|')) {
        const name = this.name();
        of = { kind: 'filter', at, of, name, args: this.take('(') ? this.#arguments() : { positional: [], named: [] } };
      } else return of;
    }
  }

  #arguments(): Arguments {
    const positional: Expression[] = [];
    const named: [string, Expression][] = [];
    while (!this.take(')')) {
      const isNamed = this.peek().kind === 'name' && this.#tokens[this.#next + 1]?.text === '=';
      if (isNamed) {
        const name = this.name();
        this.demand('=');
        named.push([name, this.expression()]);
      } else positional.push(this.expression());
      if (this.peek().text !== ')') this.demand(',');
    }
    return { positional, named };
  }

  #primary(): Expression {
    const token = this.peek();
    const { at } = token;
    this.#next += 1;
    if (token.kind === 'number') return { kind: 'literal', at, value: Number(token.text) };
    if (token.kind === 'string') return { kind: 'literal', at, value: unquoted(token.text) };
    if (token.kind === 'name')
      return constants.has(token.text)
        ? { kind: 'literal', at, value: constants.get(token.text) ?? null }
        : { kind: 'name', at, name: token.text };
    if (token.text === '(') return this.#bracketed(at);
    if (token.text === '[') return { kind: 'list', at, items: this.#items(']') };
    if (token.text === '{') return { kind: 'map', at, entries: this.#entries() };
    throw new JinjaProblem(say('{got} begins no expression', { got: gotten(token.text) }), at);
  }

  /** One expression in brackets, or a list of several. */
  #bracketed(at: number): Expression {
    const items = this.#items(')');
    const [only] = items;
    return items.length === 1 && only !== undefined ? only : { kind: 'list', at, items };
  }

  #items(end: string): Expression[] {
    const items: Expression[] = [];
    while (!this.take(end)) {
      items.push(this.expression());
      if (this.peek().text !== end) this.demand(',');
    }
    return items;
  }

  #entries(): [Expression, Expression][] {
    const entries: [Expression, Expression][] = [];
    while (!this.take('}')) {
      const key = this.expression();
      this.demand(':');
      entries.push([key, this.expression()]);
      if (this.peek().text !== '}') this.demand(',');
    }
    return entries;
  }
}

const constants = new Map<string, boolean | null>([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
]);

function gotten(text: string): SaidValue {
  return text === '' ? say('the end') : `"${text}"`;
}
