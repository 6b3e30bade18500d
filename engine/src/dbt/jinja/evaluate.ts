/**
 * Runs a template over what dbt would know at parse time.
 *
 * J1  It reads nothing and calls nothing but the functions it is given.
 * J2  What it cannot follow is a JinjaProblem at its place, never an empty text.
 * J3  It ends: steps and text are bounded.
 */
import { say, asSaid } from '@datacraft/shared';
import { loopOf, operate, passes } from './operate.ts';
import { JinjaProblem, walked } from './problem.ts';
import type { Template, TemplateNode } from './template.ts';
import type { Arguments, Expression } from './tree.ts';
import type { CallArguments, JinjaFunction, Value } from './value.ts';
import { filters, isFunction, isTrue, itemsOf, methodOf, textOf } from './value.ts';

export type Scope = Map<string, Value>;

export interface Environment {
  readonly globals: ReadonlyMap<string, Value>;
  /**
   * May write an output, outside blocks, in another way than as its text. `before` is the text up to it; `quoted` when it
   * stands alone within quotes of SQL.
   */
  written?(
    value: Expression,
    quoted: boolean,
    before: string,
  ): { readonly text: string; readonly unquotes: boolean } | null;
}

const MAX_STEPS = 200_000;
const MAX_TEXT = 4_000_000;

/** What `return(x)` of a macro gives. */
class Returned extends Error {
  readonly value: Value;
  constructor(value: Value) {
    super('return outside a macro');
    this.value = value;
  }
}

export class Evaluator {
  readonly #environment: Environment;
  #steps = 0;
  #depth = 0;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  render(template: Template, scope: Scope = new Map()): string {
    this.#depth += 1;
    try {
      return this.#depth > 1 ? this.#rendered(template, scope) : walked(() => this.#rendered(template, scope));
    } finally {
      this.#depth -= 1;
    }
  }

  #rendered(template: Template, scope: Scope): string {
    let out = '';
    for (const [index, node] of template.entries()) {
      if ((this.#steps += 1) > MAX_STEPS) throw new JinjaProblem('this template does not come to an end', node.at);
      const special = node.kind === 'output' ? this.#written(node.value, out, template[index + 1]) : null;
      if (special?.unquotes === true) out = `${out.slice(0, -1)}${special.text}\u0000`;
      else out = this.#join(out, special?.text ?? this.#node(node, scope), node.at);
    }
    return out;
  }

  /** The quote behind an output that took its quotes away is left out too. */
  #join(out: string, text: string, at: number): string {
    if (out.length + text.length > MAX_TEXT) throw new JinjaProblem('this template gives too long a text', at);
    return out.endsWith('\u0000') ? out.slice(0, -1) + text.slice(1) : out + text;
  }

  #written(value: Expression, before: string, next: TemplateNode | undefined) {
    if (this.#depth > 1) return null;
    const quoted = before.endsWith("'") && next?.kind === 'text' && next.text.startsWith("'");
    return this.#environment.written?.(value, quoted, before) ?? null;
  }

  #node(node: TemplateNode, scope: Scope): string {
    switch (node.kind) {
      case 'text':
        return node.text;
      case 'output':
        return textOf(this.value(node.value, scope));
      case 'do':
        this.value(node.value, scope);
        return '';
      case 'if': {
        const taken = node.branches.find(({ test }) => test === null || isTrue(this.value(test, scope)));
        return taken ? this.render(taken.body, scope) : '';
      }
      case 'for':
        return this.#for(node, scope);
      case 'set':
        scope.set(
          node.name,
          Array.isArray(node.value)
            ? this.render(node.value as Template, scope)
            : this.value(node.value as Expression, scope),
        );
        return '';
      case 'macro':
        scope.set(node.name, this.macro(node));
        return '';
      case 'named':
        return '';
    }
  }

  #for(node: TemplateNode & { kind: 'for' }, scope: Scope): string {
    const over = this.value(node.over, scope);
    const items = itemsOf(over);
    if (items.length === 0) return this.render(node.otherwise, scope);
    return items
      .map((item, index) => {
        const inner: Scope = new Map(scope);
        const parts = node.names.length === 1 ? [item] : itemsOf(item);
        for (const [at, name] of node.names.entries()) inner.set(name, parts[at] ?? null);
        inner.set('loop', loopOf(index, items.length));
        return this.render(node.body, inner);
      })
      .join('');
  }

  /** A macro sees what is global and its arguments. */
  macro(node: TemplateNode & { kind: 'macro' }): JinjaFunction {
    return {
      call: ({ positional, named, at }) => {
        const scope: Scope = new Map();
        for (const [index, { name, value }] of node.parameters.entries()) {
          const given = positional[index] ?? named.get(name);
          if (given !== undefined) scope.set(name, given);
          else if (value !== null) scope.set(name, this.value(value, scope));
          else throw new JinjaProblem(say('the macro {macro} needs {name}', { macro: node.name, name }), at);
        }
        try {
          return this.render(node.body, scope).trim();
        } catch (error) {
          if (error instanceof Returned) return error.value;
          if (error instanceof JinjaProblem)
            throw new JinjaProblem(
              say('in the macro {macro}: {reason}', { macro: node.name, reason: asSaid(error.words) }),
              at,
            );
          throw error;
        }
      },
    };
  }

  value(expression: Expression, scope: Scope): Value {
    if ((this.#steps += 1) > MAX_STEPS) throw new JinjaProblem('this template does not come to an end', expression.at);
    switch (expression.kind) {
      case 'literal':
        return expression.value;
      case 'name':
        return this.#name(expression.name, expression.at, scope);
      case 'list':
        return expression.items.map((item) => this.value(item, scope));
      case 'map':
        return new Map(
          expression.entries.map(([key, item]) => [textOf(this.value(key, scope)), this.value(item, scope)]),
        );
      case 'attribute':
        return this.#attribute(expression, scope);
      case 'item':
        return this.#item(expression, scope);
      case 'call':
        return this.#call(expression, scope);
      case 'filter':
        return this.#filter(expression, scope);
      case 'test':
        return this.#test(expression, scope) !== expression.negated;
      case 'unary':
        return expression.operator === 'not'
          ? !isTrue(this.value(expression.of, scope))
          : -Number(this.value(expression.of, scope));
      case 'binary':
        return this.#binary(expression, scope);
      case 'choice':
        return isTrue(this.value(expression.test, scope))
          ? this.value(expression.then, scope)
          : expression.otherwise === null
            ? ''
            : this.value(expression.otherwise, scope);
    }
  }

  #known(name: string, scope: Scope): Value | undefined {
    const found = scope.get(name) ?? this.#environment.globals.get(name);
    if (found !== undefined) return found;
    return scope.has(name) || this.#environment.globals.has(name) ? null : undefined;
  }

  #name(name: string, at: number, scope: Scope): Value {
    const found = name === 'return' ? returning : this.#known(name, scope);
    if (found === undefined)
      throw new JinjaProblem(
        say(
          'nothing is called {name}: only ref, source, var, config, is_incremental, macros of this project and names that are set are known',
          { name },
        ),
        at,
      );
    return found;
  }

  #attribute({ of, name, at }: Expression & { kind: 'attribute' }, scope: Scope): Value {
    const whole = of.kind === 'name' ? this.#known(of.name, scope) : this.value(of, scope);
    const isPackage = whole === undefined && of.kind === 'name';
    if (isPackage)
      throw new JinjaProblem(
        say('{name} belongs to a package, which is not read: write what it stands for', { name: `${of.name}.${name}` }),
        of.at,
      );
    const value = whole ?? null;
    const own =
      value instanceof Map
        ? (value as ReadonlyMap<string, Value>).get(name)
        : isFunction(value)
          ? value.attributes?.get(name)
          : undefined;
    const found = own ?? methodOf(value, name, at);
    if (found === undefined) throw new JinjaProblem(say('there is no {name} here', { name: `.${name}` }), at);
    return found;
  }

  #item({ of, key, at }: Expression & { kind: 'item' }, scope: Scope): Value {
    const whole = this.value(of, scope);
    const index = this.value(key, scope);
    const found =
      whole instanceof Map
        ? (whole as ReadonlyMap<string, Value>).get(textOf(index))
        : itemsOf(whole).at(Number(index));
    if (found === undefined) throw new JinjaProblem(say('there is no {name} here', { name: `[${textOf(index)}]` }), at);
    return found;
  }

  #call({ callee, args, at }: Expression & { kind: 'call' }, scope: Scope): Value {
    const called = this.value(callee, scope);
    if (!isFunction(called)) throw new JinjaProblem('this is no function', at);
    return called.call(this.#arguments(args, at, scope));
  }

  #arguments({ positional, named }: Arguments, at: number, scope: Scope): CallArguments {
    return {
      positional: positional.map((each) => this.value(each, scope)),
      named: new Map(named.map(([name, each]) => [name, this.value(each, scope)])),
      at,
    };
  }

  #filter({ of, name, args, at }: Expression & { kind: 'filter' }, scope: Scope): Value {
    const given = this.#arguments(args, at, scope);
    if (name === 'default' || name === 'd') {
      const value = of.kind === 'name' ? this.#known(of.name, scope) : this.value(of, scope);
      return value === undefined || (given.positional[1] === true && !isTrue(value))
        ? (given.positional[0] ?? '')
        : value;
    }
    const filter = filters.get(name);
    if (!filter) throw new JinjaProblem(say('the filter {name} is not known', { name }), at);
    return filter(this.value(of, scope), given);
  }

  #test({ of, name, at }: Expression & { kind: 'test' }, scope: Scope): boolean {
    if (name === 'defined') return of.kind !== 'name' || this.#known(of.name, scope) !== undefined;
    const value = this.value(of, scope);
    return passes(name, value, at);
  }

  #binary({ operator, left, right, at }: Expression & { kind: 'binary' }, scope: Scope): Value {
    const a = this.value(left, scope);
    if (operator === 'and') return isTrue(a) ? this.value(right, scope) : a;
    if (operator === 'or') return isTrue(a) ? a : this.value(right, scope);
    const b = this.value(right, scope);
    return operate(operator, a, b, at);
  }
}

const returning: JinjaFunction = {
  call: ({ positional: [value = null] }) => {
    throw new Returned(value);
  },
};
