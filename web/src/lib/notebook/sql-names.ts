/**
 * Where a statement names a relation, by its tokens alone: enough to rename a cell in the texts that the graph says
 * read it. Strings, comments and parameters are never touched, nor a column or an alias of the same name.
 */
interface Token {
  readonly kind: 'word' | 'quoted' | 'sign';
  readonly start: number;
  readonly end: number;
  /** Lower case, without quotes. */
  readonly name: string;
}

const TOKEN =
  /(?<skip>\s+|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|[eE]'(?:[^'\\]|\\[\s\S]|'')*(?:'|$)|'(?:[^']|'')*(?:'|$)|\$(?<tag>[A-Za-z_]\w*)?\$[\s\S]*?(?:\$\k<tag>\$|$)|\$\w+|[0-9][\w.]*)|(?<quoted>"(?:[^"]|"")*(?:"|$))|(?<word>[\p{L}_][\p{L}\p{N}_$]*)|(?<sign>[\s\S])/uy;

const opensList = new Set(['from', 'join', 'describe', 'summarize', 'pivot', 'unpivot', 'table']);
const endsList = new Set(
  'select where group order having limit qualify window union except intersect on using set values'.split(' '),
);

/** The text with the relation `from` called `to`; the same text when it is not named, or a CTE of that name hides it. */
export function renameRelation(text: string, from: string, to: string): string {
  const tokens = tokensOf(text);
  const wanted = from.toLowerCase();
  if (definesCte(tokens, wanted)) return text;
  const places = relationPlaces(tokens).filter((token) => token.name === wanted);
  return replaceAt(text, places, to);
}

/** The text with a model asked by its new name: `predict_<name>`. */
export function renameModel(text: string, from: string, to: string): string {
  const places = tokensOf(text).filter(({ kind, name }) => kind !== 'sign' && name === `predict_${from}`);
  return replaceAt(text, places, `predict_${to}`);
}

/** The text with the parameters of an input called by its new name. */
export function renameParameter(text: string, from: string, to: string): string {
  const pattern = new RegExp(`${TOKEN.source}`, TOKEN.flags);
  let out = '';
  for (let found = pattern.exec(text); found !== null && found[0] !== ''; found = pattern.exec(text)) {
    const [piece] = found;
    const suffix = /^\$(\w+?)(_start|_end)?$/.exec(piece);
    const isIt = piece === `$${from}` || (suffix !== null && suffix[1] === from);
    out += isIt ? `$${to}${piece.slice(from.length + 1)}` : piece;
  }
  return out;
}

function tokensOf(text: string): Token[] {
  const pattern = new RegExp(TOKEN.source, TOKEN.flags);
  const tokens: Token[] = [];
  for (let found = pattern.exec(text); found !== null && found[0] !== ''; found = pattern.exec(text)) {
    const { quoted, word } = found.groups ?? {};
    if (found.groups?.['skip'] !== undefined) continue;
    const kind = quoted !== undefined ? 'quoted' : word !== undefined ? 'word' : 'sign';
    const name = quoted === undefined ? found[0] : quoted.replace(/^"|"$/g, '').replaceAll('""', '"');
    tokens.push({ kind, start: found.index, end: found.index + found[0].length, name: name.toLowerCase() });
  }
  return tokens;
}

function definesCte(tokens: readonly Token[], name: string): boolean {
  return tokens.some((token, index) => {
    if (token.name !== name || token.kind === 'sign') return false;
    const before = tokens[index - 1]?.name ?? '';
    return (
      ['with', 'recursive', ','].includes(before) && tokens[index + 1]?.name === 'as' && tokens[index + 2]?.name === '('
    );
  });
}

/** Items of FROM lists and JOINs, and qualifiers of columns: `orders`, `silver.orders`, the `orders` of `orders.id`. */
function relationPlaces(tokens: readonly Token[]): Token[] {
  const found: Token[] = [];
  const lists: boolean[] = [false];
  let begins = false;
  for (const [index, token] of tokens.entries()) {
    const isName = token.kind !== 'sign';
    const followsDot = tokens[index - 1]?.name === '.';
    if (token.name === '(' && token.kind === 'sign') lists.push(begins);
    else if (token.name === ')' && token.kind === 'sign') {
      lists.pop();
      begins = false;
    } else if (token.kind === 'word' && opensList.has(token.name)) {
      lists[lists.length - 1] = true;
      begins = true;
    } else if (token.kind === 'word' && endsList.has(token.name)) {
      lists[lists.length - 1] = false;
      begins = false;
    } else if (token.name === ',' && token.kind === 'sign') begins = lists.at(-1) ?? false;
    else if (token.kind === 'word' && token.name === 'lateral') continue;
    else if (isName) {
      const isQualifier = tokens[index + 1]?.name === '.';
      if ((begins && !isQualifier) || (isQualifier && !followsDot) || (isQualifier && isLayered(tokens, index)))
        found.push(token);
      if (!isQualifier) begins = false;
    }
  }
  return found;
}

function isLayered(tokens: readonly Token[], index: number): boolean {
  return ['bronze', 'silver', 'gold'].includes(tokens[index - 2]?.name ?? '');
}

function replaceAt(text: string, places: readonly Token[], to: string): string {
  let out = '';
  let at = 0;
  for (const place of places) {
    out += text.slice(at, place.start) + (place.kind === 'quoted' ? `"${to}"` : to);
    at = place.end;
  }
  return out + text.slice(at);
}
