import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** A text in a source file that people will read, or `null` for one that is put together and so cannot be translated. */
export interface SpokenText {
  readonly place: string;
  readonly text: string | null;
}

export function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ['testing', 'node_modules'].includes(entry.name) ? [] : sourceFiles(path);
    return /(?<!\.test|\.d)\.ts$/.test(entry.name) ? [path] : [];
  });
}

/** Every text that stands in a file as a whole. */
export function literalsIn(file: string): string[] {
  const found: string[] = [];
  walk(parse(file), (node) => {
    if (ts.isStringLiteralLike(node)) found.push(node.text);
  });
  return found;
}

/**
 * What `new Fault(code, …)` says in a file: both sides of a choice, and sentences by `say` by their key. A fault of code
 * `internal` tells a broken invariant, to us.
 */
export function faultTexts(file: string): SpokenText[] {
  const source = parse(file);
  const found: SpokenText[] = [];
  walk(source, (node) => {
    if (!ts.isNewExpression(node) || node.expression.getText(source) !== 'Fault') return;
    const [code, message] = node.arguments ?? [];
    if (message && code?.getText(source) !== "'internal'") found.push(...spoken(message, placeOf(source, message)));
  });
  return found;
}

/** What `new Undecodable(…)` says in a file. */
export function undecodableTexts(file: string): SpokenText[] {
  const source = parse(file);
  const found: SpokenText[] = [];
  walk(source, (node) => {
    if (!ts.isNewExpression(node) || node.expression.getText(source) !== 'Undecodable') return;
    const [words] = node.arguments ?? [];
    const key =
      words && ts.isCallExpression(words) && words.expression.getText(source) === 'say'
        ? words.arguments[0]
        : undefined;
    found.push({ place: placeOf(source, node), text: key && ts.isStringLiteralLike(key) ? key.text : null });
  });
  return found;
}

/** Texts of two words or more, but for those of a plain Error, which only we read. */
export function proseIn(file: string): SpokenText[] {
  const source = parse(file);
  const found: SpokenText[] = [];
  walk(source, (node) => {
    if (!ts.isStringLiteralLike(node) && !ts.isTemplateExpression(node)) return;
    const text = ts.isStringLiteralLike(node) ? node.text : withoutHoles(node);
    if (/[a-z]{2} [a-z]{2}/.test(text) && !isOurs(node)) found.push(...spoken(node, placeOf(source, node)));
  });
  return found;
}

function spoken(node: ts.Node, place: string): SpokenText[] {
  if (ts.isStringLiteralLike(node)) return [{ place, text: node.text }];
  if (ts.isTemplateExpression(node)) return [{ place, text: null }];
  if (ts.isParenthesizedExpression(node)) return spoken(node.expression, place);
  if (ts.isConditionalExpression(node)) return [...spoken(node.whenTrue, place), ...spoken(node.whenFalse, place)];
  return [];
}

function withoutHoles(node: ts.TemplateExpression): string {
  return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('x');
}

function isOurs({ parent }: ts.Node): boolean {
  if (ts.isImportDeclaration(parent) || ts.isLiteralTypeNode(parent)) return true;
  return ts.isNewExpression(parent) && /Error$/.test(parent.expression.getText());
}

function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
}

function placeOf(source: ts.SourceFile, node: ts.Node): string {
  return `${source.fileName}:${source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1}`;
}
