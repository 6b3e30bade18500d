import type { ImportFinding, Json, JsonObject } from '@datacraft/shared';
import { offsetToLineColumn, readYaml, worded, say } from '@datacraft/shared';
import { JinjaProblem } from '../jinja/problem.ts';
import type { Template, TemplateNode } from '../jinja/template.ts';
import { parseTemplate } from '../jinja/template.ts';

/** Properties of one resource as YAML gives them, and where. */
export interface Properties {
  readonly value: JsonObject;
  readonly file: string;
  readonly line: number;
}

export interface TextFile {
  readonly name: string;
  /** Within the project. */
  readonly path: string;
  readonly text: string;
}

export interface SourceTable {
  readonly source: JsonObject;
  readonly table: Properties;
}

export interface DbtProject {
  readonly name: string;
  readonly config: JsonObject;
  readonly models: readonly TextFile[];
  readonly seeds: readonly TextFile[];
  readonly snapshots: readonly TextFile[];
  readonly tests: readonly TextFile[];
  /** `models`, `seeds`, `snapshots` → name → properties. */
  readonly properties: ReadonlyMap<string, ReadonlyMap<string, Properties>>;
  readonly sources: readonly SourceTable[];
  readonly macros: readonly (TemplateNode & { readonly kind: 'macro' })[];
  readonly docs: ReadonlyMap<string, string>;
  readonly findings: ImportFinding[];
}

/** The folder of `dbt_project.yml` nearest the top; null when there is none. */
export function projectRoot(paths: Iterable<string>): string | null {
  const roots = [...paths]
    .filter((path) => /(^|\/)dbt_project\.yml$/.test(path) && !/(^|\/)(dbt_packages|target)\//.test(path))
    .map((path) => path.slice(0, -'dbt_project.yml'.length));
  return roots.sort((a, b) => a.length - b.length)[0] ?? null;
}

/** `files` are those below the project's folder, by their path in it. */
export function readProject(files: ReadonlyMap<string, string>): DbtProject {
  const findings: ImportFinding[] = [];
  const config = yamlOf('dbt_project.yml', files.get('dbt_project.yml') ?? '', findings);
  const under = (key: string, fallback: string, end: RegExp) =>
    textFiles(files, pathsOf(config.value[key], fallback), end);
  const macros: (TemplateNode & { kind: 'macro' })[] = [];
  for (const { path, text } of [
    ...under('macro-paths', 'macros', /\.sql$/),
    ...under('test-paths', 'tests', /(^|\/)generic\/.*\.sql$/),
  ])
    for (const node of templateOf(path, text, findings) ?? []) if (node.kind === 'macro') macros.push(node);
  const places = ['model-paths', 'seed-paths', 'snapshot-paths'].flatMap((key) =>
    pathsOf(config.value[key], key.replace('-paths', 's')),
  );
  const read = { properties: new Map<string, Map<string, Properties>>(), sources: [] as SourceTable[] };
  for (const { path, text } of textFiles(files, places, /\.ya?ml$/)) readProperties(path, text, read, findings);
  return {
    name: typeof config.value['name'] === 'string' ? config.value['name'] : 'dbt',
    config: config.value,
    models: under('model-paths', 'models', /\.sql$/),
    seeds: under('seed-paths', 'seeds', /\.csv$/),
    snapshots: under('snapshot-paths', 'snapshots', /\.sql$/),
    tests: under('test-paths', 'tests', /\.sql$/).filter(({ path }) => !/(^|\/)generic\//.test(path)),
    ...read,
    macros,
    docs: docsOf(textFiles(files, places, /\.md$/), findings),
    findings,
  };
}

function pathsOf(given: Json | undefined, fallback: string): string[] {
  const list = Array.isArray(given) ? given.filter((path) => typeof path === 'string') : [fallback];
  return list.map((path) => path.replace(/^\.\//, '').replace(/\/+$/, ''));
}

function textFiles(files: ReadonlyMap<string, string>, folders: readonly string[], end: RegExp): TextFile[] {
  return [...files]
    .filter(([path]) => end.test(path) && folders.some((folder) => path.startsWith(`${folder}/`)))
    .map(([path, text]) => ({ path, text, name: (path.split('/').at(-1) ?? path).replace(/\.[^.]+$/, '') }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function yamlOf(file: string, text: string, findings: ImportFinding[]) {
  const read = readYaml(
    text
      .replace(/^\ufeff/, '')
      .replace(/\r\n?/g, '\n')
      .split('\n'),
    1,
  );
  for (const { message, span } of read.problems)
    findings.push({ file, line: span.line, column: span.column, severity: 'error', ...worded(message) });
  return read;
}

/** Findings instead of a template where its structure cannot be read. */
export function templateOf(file: string, text: string, findings: ImportFinding[]): Template | null {
  try {
    return parseTemplate(text);
  } catch (error) {
    if (!(error instanceof JinjaProblem)) throw error;
    findings.push(problemAt(file, text, error));
    return null;
  }
}

export function problemAt(file: string, text: string, { words, offset }: JinjaProblem): ImportFinding {
  return { file, ...offsetToLineColumn(text, offset), severity: 'error', ...worded(words) };
}

const readKinds = ['models', 'seeds', 'snapshots'];
const leftKinds = ['exposures', 'metrics', 'semantic_models', 'saved_queries', 'unit_tests', 'groups', 'analyses'];

function readProperties(
  file: string,
  text: string,
  into: { readonly properties: Map<string, Map<string, Properties>>; readonly sources: SourceTable[] },
  findings: ImportFinding[],
): void {
  const { value, root } = yamlOf(file, text, findings);
  const entries = (key: string): Properties[] =>
    objectsOf(value[key]).map((entry, index) => {
      const line = root.children.get(key)?.children.get(index)?.value.line ?? 1;
      return { value: entry, file, line };
    });
  for (const kind of readKinds) {
    const named = into.properties.get(kind) ?? new Map<string, Properties>();
    for (const entry of entries(kind))
      if (typeof entry.value['name'] === 'string') named.set(entry.value['name'], entry);
    into.properties.set(kind, named);
  }
  for (const source of entries('sources'))
    for (const table of objectsOf(source.value['tables']))
      into.sources.push({ source: source.value, table: { value: table, file, line: source.line } });
  for (const kind of leftKinds)
    for (const { value: entry, line } of entries(kind))
      findings.push({
        file,
        line,
        column: 1,
        severity: 'info',
        ...worded(say('{kind} are left out: {name}', { kind, name: String(entry['name'] ?? '') })),
      });
}

export function objectsOf(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function docsOf(files: readonly TextFile[], findings: ImportFinding[]): Map<string, string> {
  const docs = new Map<string, string>();
  for (const { path, text } of files)
    for (const [, name = '', body = ''] of text.matchAll(
      /\{%-?\s*docs\s+(\w+)\s*-?%\}([\s\S]*?)\{%-?\s*enddocs\s*-?%\}/g,
    )) {
      if (docs.has(name))
        findings.push({
          file: path,
          line: 1,
          column: 1,
          severity: 'warning',
          ...worded(say('the docs block {name} is there twice', { name })),
        });
      docs.set(name, body.trim());
    }
  return docs;
}
