import type { Words } from '../../said/said.ts';
import { say, worded } from '../../said/said.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import type { JsonObject } from '../../json.ts';
import { formatVersion } from './format-notebook.ts';
import { type Place, placeAt, type Span } from './place.ts';
import { readYaml } from './yaml-read.ts';

export interface FrontMatter {
  /** Lines taken, from the first of the file. */
  readonly end: number;
  readonly title: string | null;
  readonly meta: JsonObject;
  readonly root: Place | null;
  readonly diagnostics: readonly Diagnostic[];
  /** Its YAML could not be read whole. */
  readonly unread: boolean;
}

const isRule = (line: string | undefined): boolean => /^---[ \t]*$/.test(line ?? '');

/** Reads the lines between the first two `---`. A file without them is a notebook with defaults. */
export function readFrontMatter(lines: readonly string[]): FrontMatter {
  const none = { end: 0, title: null, meta: {}, root: null, unread: false };
  if (!isRule(lines[0])) return { ...none, diagnostics: [] };
  const close = lines.findIndex((line, index) => index > 0 && isRule(line));
  if (close === -1) {
    const span = { line: 1, column: 1, endLine: 1, endColumn: 4 };
    const message = 'the front matter is not closed: end it with a line ---';
    return { ...none, diagnostics: [finding('unclosed-header', message, span)] };
  }
  const { value, root, problems } = readYaml(lines.slice(1, close), 2);
  const { datacraft: version, title, ...meta } = value;
  const diagnostics = problems.map(({ code, message, span }) => finding(code, message, span));
  const spanOf = (key: string): Span => placeAt(root, [key]).place.value;
  const hasBadYaml = problems.some(({ code }) => code === 'bad-yaml');
  if (!hasBadYaml)
    diagnostics.push(...versionFindings(version, version === undefined ? firstLine : spanOf('datacraft')));
  if (title !== undefined && !isTitle(title)) {
    diagnostics.push(
      finding(
        'bad-value',
        say('bad value for "title": expected text, got {got}', { got: JSON.stringify(title) }),
        spanOf('title'),
      ),
    );
  }
  return { end: close + 1, title: isTitle(title) ? String(title) : null, meta, root, diagnostics, unread: hasBadYaml };
}

const firstLine: Span = { line: 1, column: 1, endLine: 1, endColumn: 4 };

function isTitle(title: unknown): title is string | number {
  return typeof title === 'string' || typeof title === 'number';
}

function versionFindings(version: unknown, span: Span): Diagnostic[] {
  if (version === formatVersion) return [];
  if (version === undefined) {
    const message = say('missing key "datacraft": write datacraft: {formatVersion}, the version of the format', {
      formatVersion,
    });
    return [{ ...finding('missing-version', message, span), severity: 'warning' }];
  }
  if (typeof version === 'number' && version > formatVersion) {
    const message = say(
      'this notebook is in version {version} of the format and this program reads version {formatVersion}: update DataCraft to open it',
      { version, formatVersion },
    );
    return [finding('unsupported-version', message, span)];
  }
  return [
    finding(
      'bad-value',
      say('bad value for "datacraft": expected {formatVersion}, got {got}', {
        formatVersion,
        got: JSON.stringify(version),
      }),
      span,
    ),
  ];
}

function finding(code: string, message: Words, span: Span): Diagnostic {
  return { severity: 'error', code, ...worded(message), cell: null, cellId: null, part: 'notebook', ...span };
}
