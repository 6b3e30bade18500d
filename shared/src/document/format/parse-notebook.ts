/**
 * From the text file to a notebook, with every finding at its line and column of the file.
 *
 * F1  Parsing never throws and never drops a line silently: what is no cell is prose.
 * F2  Formatting what was parsed from a formatted file gives the same bytes.
 * F3  Ids and order keys are new on every parse; they are not in the file.
 */
import type { Words } from '../../said/said.ts';
import { say, worded } from '../../said/said.ts';
import { generateNKeysBetween } from 'fractional-indexing';
import type { Diagnostic } from '../../diagnostic.ts';
import { type CellId, newId } from '../../id.ts';
import type { JsonObject } from '../../json.ts';
import { nearest } from '../../nearest.ts';
import { type Cell, cellKinds, cellNamePattern, isCellKind } from '../cell.ts';
import { checkNotebook } from '../check-notebook.ts';
import type { Notebook } from '../notebook.ts';
import { cellOfInfo, type Segment, segmentsOf, twoWords } from './fence.ts';
import { type FrontMatter, readFrontMatter } from './front-matter.ts';
import { type CellPositions, locate, type NotebookPositions } from './locate.ts';
import type { Span } from './place.ts';
import { isSeparator, readProseLine, trimmed } from './prose.ts';
import { readYaml, type YamlReading } from './yaml-read.ts';

export interface ParsedNotebook {
  readonly notebook: Notebook;
  /** All findings, in file order: those of the text and those of `checkNotebook`. */
  readonly diagnostics: readonly Diagnostic[];
  /** Only what the notebook value no longer shows: bad YAML, unclosed blocks, near misses. For callers that compile. */
  readonly syntaxDiagnostics: readonly Diagnostic[];
  readonly positions: NotebookPositions;
  /** Cells whose YAML could not be read whole: judging what was read of it would only mislead. */
  readonly unreadCells: ReadonlySet<CellId>;
}

export interface ParseOptions {
  readonly newId?: () => CellId;
}

export function parseNotebook(text: string, options: ParseOptions = {}): ParsedNotebook {
  const lines = text
    .replace(/^\ufeff/, '')
    .replace(/\r\n?/g, '\n')
    .split('\n');
  const front = readFrontMatter(lines);
  const parse = new NotebookParse(lines, front, options.newId ?? (() => newId<CellId>('cell')));
  for (const segment of segmentsOf(lines.slice(front.end))) parse.segment(segment);
  return parse.finish();
}

type DraftCell = Omit<Cell, 'order'>;

class NotebookParse {
  private readonly lines: readonly string[];
  private readonly front: FrontMatter;
  private readonly newId: () => CellId;
  private readonly drafts: DraftCell[] = [];
  private readonly places = new Map<CellId, CellPositions>();
  private readonly findings: Diagnostic[] = [];
  private prose: { line: number; text: string }[] = [];
  private readonly unread = new Set<CellId>();

  constructor(lines: readonly string[], front: FrontMatter, newCellId: () => CellId) {
    this.lines = lines;
    this.front = front;
    this.newId = newCellId;
    this.findings.push(...front.diagnostics);
  }

  segment(segment: Segment): void {
    const start = segment.start + this.front.end;
    const end = segment.end + this.front.end;
    const cell = segment.type === 'fence' && segment.atEdge ? cellOfInfo(segment.info) : null;
    if (cell) {
      this.endProse();
      this.fencedCell(cell, start, end, segment.missingCloser);
      return;
    }
    if (segment.type === 'fence' && segment.atEdge) this.nearMiss(segment.info, start);
    for (let at = start; at < end; at += 1) {
      const text = this.lines[at] ?? '';
      const isFirst = at === start && segment.type !== 'text';
      if (segment.type === 'comment' && end === start + 1 && isSeparator(text)) this.endProse();
      else
        this.prose.push({
          line: at + 1,
          text: isFirst && (segment.atEdge || end === start + 1) ? readProseLine(text) : text,
        });
    }
  }

  finish(): ParsedNotebook {
    this.endProse();
    const orders = generateNKeysBetween(null, null, this.drafts.length);
    const cells = this.drafts.map((draft, index) => ({ ...draft, order: orders[index] ?? '' }));
    const notebook: Notebook = { title: this.title(cells), meta: this.front.meta, cells };
    const positions: NotebookPositions = { front: this.front.root, cells: this.places };
    const syntaxDiagnostics = inFileOrder(this.findings);
    const parsed = { notebook, positions, syntaxDiagnostics, unreadCells: this.unread };
    const checked = checkNotebook(notebook).filter((found) => found.part !== 'notebook' || !this.front.unread);
    return { ...parsed, diagnostics: fileDiagnostics({ ...parsed, diagnostics: syntaxDiagnostics }, checked) };
  }

  /** Of the front matter, else the first heading, else empty: the caller knows a better name. */
  private title(cells: readonly Cell[]): string {
    if (this.front.title !== null) return this.front.title;
    for (const cell of cells) {
      const heading = cell.kind === 'markdown' ? /^# +(.+?)(?: +#+)?[ \t]*$/m.exec(cell.source)?.[1] : undefined;
      if (heading !== undefined) return heading;
    }
    return '';
  }

  private endProse(): void {
    const first = this.prose.findIndex(({ text }) => !/^[ \t]*$/.test(text));
    const source = trimmed(this.prose.map(({ text }) => text)).join('\n');
    const line = this.prose[first]?.line;
    this.prose = [];
    if (line === undefined) return;
    const id = this.newId();
    this.drafts.push({ id, kind: 'markdown', name: '', source, config: {} });
    const span = { line, column: 1, endLine: line, endColumn: 1 };
    this.places.set(id, { name: span, sourceLine: line, config: null });
  }

  private fencedCell(
    cell: { kind: Cell['kind']; name: string },
    start: number,
    end: number,
    missingCloser: string | null,
  ): void {
    const id = this.newId();
    const name = this.nameSpan(start, cell.name);
    const body = this.lines.slice(start + 1, missingCloser === null ? end - 1 : end);
    const split =
      cell.kind === 'sql' ? splitHeader(body) : { yaml: body, yamlAt: 0, source: [], sourceAt: body.length };
    const reading = readYaml(split.yaml, start + 2 + split.yamlAt);
    const config: JsonObject = reading.value;
    this.drafts.push({ id, kind: cell.kind, name: cell.name, source: split.source.join('\n'), config });
    this.places.set(id, { name, sourceLine: start + 2 + split.sourceAt, config: reading.root });
    this.reportYaml(id, cell.name, reading);
    const report = (code: string, message: Words, line: number): void => {
      const length = this.lines[line]?.length ?? 0;
      const span = { line: line + 1, column: 1, endLine: line + 1, endColumn: length + 1 };
      this.findings.push({
        severity: 'error',
        code,
        ...worded(message),
        cell: cell.name,
        cellId: id,
        part: 'config',
        path: [],
        ...span,
      });
    };
    if (missingCloser !== null)
      report(
        'unclosed-fence',
        say('this cell is not closed: end it with a line {missingCloser}', { missingCloser }),
        start,
      );
    if (split.unclosed) report('unclosed-header', 'this header is not closed: end it with a line ---', start + 1);
  }

  private nameSpan(line: number, name: string): Span {
    const text = this.lines[line] ?? '';
    const column = text.lastIndexOf(name) + 1;
    return { line: line + 1, column, endLine: line + 1, endColumn: column + name.length };
  }

  private reportYaml(id: CellId, name: string, { problems }: YamlReading): void {
    if (problems.some(({ code }) => code === 'bad-yaml')) this.unread.add(id);
    for (const { code, message, span } of problems) {
      this.findings.push({
        severity: 'error',
        code,
        ...worded(message),
        cell: name,
        cellId: id,
        part: 'config',
        ...span,
      });
    }
  }

  /** A fence that was clearly meant to be a cell and is not one. */
  private nearMiss(info: string, start: number): void {
    const found = nearMissOf(info, this.lines[start + 1] ?? '');
    if (found === null) return;
    const length = this.lines[start]?.length ?? 0;
    const span = { line: start + 1, column: 1, endLine: start + 1, endColumn: length + 1 };
    this.findings.push({ severity: 'warning', cell: null, cellId: null, part: 'notebook', ...found, ...span });
  }
}

type NearMiss = Pick<Diagnostic, 'code' | 'message' | 'said' | 'suggestion'> & { severity?: 'error' | 'warning' };

function nearMissOf(info: string, nextLine: string): NearMiss | null {
  const words = twoWords(info);
  if (words) {
    const kind = cellNamePattern.test(words.second) ? nearest(words.first, cellKinds.slice(1)) : null;
    if (kind === null || isCellKind(words.first)) return null;
    const message = say('"{first}" is no kind of cell, so this is prose; did you mean "{kind}"?', {
      first: words.first,
      kind,
    });
    return { code: 'unknown-kind', ...worded(message), suggestion: kind };
  }
  const isNameless = isCellKind(info) && info !== 'markdown' && (info !== 'sql' || /^---[ \t]*$/.test(nextLine));
  if (!isNameless) return null;
  const message = say('this {info} cell has no name: write one after the kind, such as "{info} orders"', { info });
  return { severity: 'error', code: 'missing-name', ...worded(message) };
}

interface SplitBody {
  readonly yaml: readonly string[];
  readonly yamlAt: number;
  readonly source: readonly string[];
  readonly sourceAt: number;
  readonly unclosed?: boolean;
}

function splitHeader(body: readonly string[]): SplitBody {
  const isRule = (line: string | undefined): boolean => /^---[ \t]*$/.test(line ?? '');
  if (!isRule(body[0])) return { yaml: [], yamlAt: 0, source: body, sourceAt: 0 };
  const end = body.findIndex((line, index) => index > 0 && isRule(line));
  if (end === -1) return { yaml: [], yamlAt: 0, source: body, sourceAt: 0, unclosed: true };
  return { yaml: body.slice(1, end), yamlAt: 1, source: body.slice(end + 1), sourceAt: end + 1 };
}

/**
 * The findings of the file and those of a compile of its notebook, which stand at positions within cells: located,
 * in file order, each once.
 */
export function fileDiagnostics(parsed: ParsedNotebook, found: readonly Diagnostic[]): Diagnostic[] {
  const { unreadCells, positions } = parsed;
  const isMisleading = ({ cellId, part, path = [] }: Diagnostic): boolean =>
    cellId !== null && unreadCells.has(cellId) && part === 'config' && path.length > 0;
  const located = found.filter((one) => !isMisleading(one)).map((one) => locate(one, positions));
  const seen = new Set<string>();
  return inFileOrder([...parsed.diagnostics, ...located]).filter((one) => {
    const key = `${one.line}:${one.column} ${one.code} ${one.cellId}`;
    return !seen.has(key) && seen.add(key);
  });
}

function inFileOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...diagnostics].sort((a, b) => a.line - b.line || a.column - b.column);
}
