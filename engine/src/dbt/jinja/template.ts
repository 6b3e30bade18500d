/** The structure of a Jinja template: text, outputs and the blocks that dbt projects use. */
import { say } from '@datacraft/shared';
import { ExpressionReader } from './expression.ts';
import { JinjaProblem, walked } from './problem.ts';
import type { Expression } from './tree.ts';

export interface Parameter {
  readonly name: string;
  readonly value: Expression | null;
}

export type TemplateNode = { readonly at: number } & (
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'output'; readonly value: Expression }
  | { readonly kind: 'do'; readonly value: Expression }
  | { readonly kind: 'if'; readonly branches: readonly { readonly test: Expression | null; readonly body: Template }[] }
  | {
      readonly kind: 'for';
      readonly names: readonly string[];
      readonly over: Expression;
      readonly body: Template;
      readonly otherwise: Template;
    }
  | { readonly kind: 'set'; readonly name: string; readonly value: Expression | Template }
  | {
      readonly kind: 'macro';
      readonly name: string;
      readonly parameters: readonly Parameter[];
      readonly body: Template;
    }
  /** `snapshot`, `test` and `docs`: a file may hold several. */
  | { readonly kind: 'named'; readonly tag: string; readonly name: string; readonly body: Template }
);
export type Template = readonly TemplateNode[];

interface Piece {
  readonly kind: 'text' | 'output' | 'tag';
  readonly text: string;
  readonly at: number;
}

export function parseTemplate(text: string): Template {
  const reader = new TemplateReader(piecesOf(text));
  const { body, end } = walked(() => reader.body([]));
  if (end !== null) throw new JinjaProblem(say('{tag} closes nothing', { tag: `{% ${end.word} %}` }), end.at);
  return body;
}

const opening = /\{([{%#])(-?)/g;
const closers = { '{': '}}', '%': '%}', '#': '#}' } as const;

function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  let trims = false;
  const addText = (end: number, trimEnd: boolean) => {
    let part = text.slice(at, end);
    if (trims) part = part.trimStart();
    if (trimEnd) part = part.trimEnd();
    if (part !== '') pieces.push({ kind: 'text', text: part, at });
  };
  for (;;) {
    opening.lastIndex = at;
    const open = opening.exec(text);
    if (open === null) break;
    const mark = open[1] as keyof typeof closers;
    addText(open.index, open[2] === '-');
    const start = open.index + open[0].length;
    const close = closeOf(text, start, mark);
    if (close === -1)
      throw new JinjaProblem(
        say('{tag} is not closed: end it with {end}', { tag: `{${mark}`, end: closers[mark] }),
        open.index,
      );
    trims = text[close - 1] === '-';
    const inner = text.slice(start, trims ? close - 1 : close);
    at = close + 2;
    if (mark === '%' && /^\s*raw\s*$/.test(inner)) {
      const end = /\{%-?\s*endraw\s*-?%\}/.exec(text.slice(at));
      if (end === null)
        throw new JinjaProblem(
          say('{tag} is not closed: end it with {end}', { tag: '{% raw %}', end: '{% endraw %}' }),
          open.index,
        );
      pieces.push({ kind: 'text', text: text.slice(at, at + end.index), at });
      at += end.index + end[0].length;
      trims = false;
    } else if (mark !== '#') pieces.push({ kind: mark === '{' ? 'output' : 'tag', text: inner, at: start });
  }
  addText(text.length, false);
  return pieces;
}

/** Where a mark closes: not within a string of its expression. */
function closeOf(text: string, start: number, mark: keyof typeof closers): number {
  if (mark === '#') return text.indexOf('#}', start);
  let quote = '';
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (quote !== '') {
      if (char === '\\') at += 1;
      else if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if (text.startsWith(closers[mark], at) && depth <= 0) return at;
    else if (char === '{') depth += 1;
    else if (char === '}') depth -= 1;
  }
  return -1;
}

interface End {
  readonly word: string;
  readonly rest: string;
  readonly at: number;
}

const loudTags = [
  'call',
  'filter',
  'import',
  'from',
  'include',
  'extends',
  'block',
  'materialization',
  'statement',
  'autoescape',
  'with',
];

class TemplateReader {
  readonly #pieces: readonly Piece[];
  #next = 0;

  constructor(pieces: readonly Piece[]) {
    this.#pieces = pieces;
  }

  /** Nodes up to a tag of `ends`; null at the end of the text. */
  body(ends: readonly string[]): { body: TemplateNode[]; end: End | null } {
    const body: TemplateNode[] = [];
    for (;;) {
      const piece = this.#pieces[this.#next];
      if (piece === undefined) return { body, end: null };
      this.#next += 1;
      const { text, at } = piece;
      if (piece.kind === 'text') body.push({ kind: 'text', text, at });
      else if (piece.kind === 'output')
        body.push({ kind: 'output', at, value: new ExpressionReader(text, at).whole() });
      else {
        const [lead = '', word = ''] = /^\s*(\w*)/.exec(text) ?? [];
        const rest = text.slice(lead.length);
        if (ends.includes(word) || word.startsWith('end') || word === 'else' || word === 'elif')
          return { body, end: { word, rest, at: at + lead.length } };
        body.push(this.#block(word, rest, at + lead.length, at));
      }
    }
  }

  #until(ends: readonly string[], opened: string, at: number): { body: TemplateNode[]; end: End } {
    const { body, end } = this.body(ends);
    if (end === null || !ends.includes(end.word))
      throw new JinjaProblem(
        say('{tag} is not closed: end it with {end}', { tag: `{% ${opened} %}`, end: `{% ${ends.at(-1) ?? ''} %}` }),
        at,
      );
    return { body, end };
  }

  #block(word: string, rest: string, base: number, at: number): TemplateNode {
    switch (word) {
      case 'if':
        return this.#if(rest, base, at);
      case 'for':
        return this.#for(rest, base, at);
      case 'set':
        return this.#set(rest, base, at);
      case 'do':
        return { kind: 'do', at, value: new ExpressionReader(rest, base).whole() };
      case 'macro':
        return this.#macro(rest, base, at);
      case 'test':
      case 'snapshot':
      case 'docs': {
        const name = /^\s*(\w+)/.exec(rest)?.[1] ?? '';
        return { kind: 'named', at, tag: word, name, body: this.#until([`end${word}`], word, at).body };
      }
      default: {
        const known = loudTags.includes(word) ? say('is a part of Jinja that is not read') : say('is no tag of Jinja');
        throw new JinjaProblem(say('{tag} {known}: write what it stands for', { tag: `{% ${word} %}`, known }), at);
      }
    }
  }

  #if(first: string, base: number, at: number): TemplateNode {
    const branches: { test: Expression | null; body: Template }[] = [];
    let test: Expression | null = new ExpressionReader(first, base).whole();
    for (;;) {
      const { body, end } = this.#until(['elif', 'else', 'endif'], 'if', at);
      branches.push({ test, body });
      if (end.word === 'endif') return { kind: 'if', at, branches };
      test = end.word === 'elif' ? new ExpressionReader(end.rest, end.at).whole() : null;
    }
  }

  #for(text: string, base: number, at: number): TemplateNode {
    const reader = new ExpressionReader(text, base);
    const names = [reader.name()];
    while (reader.take(',')) names.push(reader.name());
    reader.demand('in');
    const over = reader.expression();
    reader.end();
    const { body, end } = this.#until(['else', 'endfor'], 'for', at);
    const otherwise = end.word === 'else' ? this.#until(['endfor'], 'for', at).body : [];
    return { kind: 'for', at, names, over, body, otherwise };
  }

  #set(text: string, base: number, at: number): TemplateNode {
    const reader = new ExpressionReader(text, base);
    const name = reader.name();
    if (!reader.take('=')) return { kind: 'set', at, name, value: this.#until(['endset'], 'set', at).body };
    const value = reader.whole();
    return { kind: 'set', at, name, value };
  }

  #macro(text: string, base: number, at: number): TemplateNode {
    const reader = new ExpressionReader(text, base);
    const name = reader.name();
    const parameters: Parameter[] = [];
    reader.demand('(');
    while (!reader.take(')')) {
      const parameter = reader.name();
      parameters.push({ name: parameter, value: reader.take('=') ? reader.expression() : null });
      if (reader.peek().text !== ')') reader.demand(',');
    }
    reader.end();
    return { kind: 'macro', at, name, parameters, body: this.#until(['endmacro'], 'macro', at).body };
  }
}
