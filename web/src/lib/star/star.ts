import type { TableDoc } from '@datacraft/shared';

/** Whether sums of a measure mean something. */
export type Additive = 'additive' | 'semi_additive' | 'non_additive';

/** One row of a table in the diagram: what a column is for, at a glance. */
export interface StarRow {
  readonly name: string;
  readonly role: 'key' | 'link' | 'measure' | 'attribute' | 'history';
  /** Of measures: whether sums of it mean something. */
  readonly additive: Additive | null;
}

export interface StarTable {
  readonly doc: TableDoc;
  readonly rows: readonly StarRow[];
  /** Columns left out of the diagram. */
  readonly more: number;
}

export interface StarLink {
  /** The fact's column that names the member, and the one that holds its row's key. */
  readonly natural: string;
  readonly column: string;
  readonly dimension: string;
}

export interface Star {
  readonly fact: StarTable;
  readonly dimensions: readonly StarTable[];
  readonly links: readonly StarLink[];
  /** Dimensions that the fact names and that are not published. */
  readonly missing: readonly string[];
}

const MOST_ROWS = 9;
const FLAGS = ['additive', 'semi_additive', 'non_additive'] as const;
const HISTORY = ['valid_from', 'valid_to', 'is_current'];
const ORDER: readonly StarRow['role'][] = ['key', 'link', 'measure', 'attribute', 'history'];

/** Each published fact with its dimensions, from what their cells say. */
export function starsOf(docs: readonly TableDoc[]): Star[] {
  return docs.filter(({ materialize }) => materialize === 'fact').map((fact) => starOf(fact, docs));
}

export function idOf({ layer, name }: Pick<TableDoc, 'layer' | 'name'>): string {
  return `${layer}.${name}`;
}

function starOf(fact: TableDoc, docs: readonly TableDoc[]): Star {
  const named = Object.entries(fact.dimensions).map(([natural, to]) => {
    const column = `${to.split('.').at(-1) ?? to}_key`;
    return { natural, to, column, doc: dimensionOf(to, fact, docs) };
  });
  const found = named.flatMap(({ doc }) => doc ?? []);
  return {
    fact: factTable(fact, named),
    dimensions: [...new Map(found.map((doc) => [idOf(doc), dimensionTable(doc)])).values()],
    links: named.flatMap(({ natural, column, doc }) => (doc ? [{ natural, column, dimension: idOf(doc) }] : [])),
    missing: named.flatMap(({ to, doc }) => (doc ? [] : [to])),
  };
}

/** By its whole name, else a cell of the fact's own notebook. */
function dimensionOf(to: string, fact: TableDoc, docs: readonly TableDoc[]): TableDoc | null {
  const isNear = (doc: TableDoc) => doc.notebookId === fact.notebookId && doc.notebookTitle === fact.notebookTitle;
  return docs.find((doc) => idOf(doc) === to) ?? docs.find((doc) => doc.cell === to && isNear(doc)) ?? null;
}

function factTable(doc: TableDoc, named: readonly { natural: string; column: string }[]): StarTable {
  const rows = doc.columns.flatMap(({ name, type, tags }): StarRow[] => {
    if (doc.uniqueKey.includes(name)) return [{ name, role: 'key', additive: null }];
    if (named.some(({ column }) => column === name)) return [{ name, role: 'link', additive: null }];
    if (named.some(({ natural }) => natural === name)) return [];
    const flag = FLAGS.find((one) => tags.includes(one)) ?? null;
    return flag !== null || isNumber(type)
      ? [{ name, role: 'measure', additive: flag ?? 'additive' }]
      : [{ name, role: 'attribute', additive: null }];
  });
  return cut(doc, rows);
}

function dimensionTable(doc: TableDoc): StarTable {
  const rows = doc.columns.map(({ name }): StarRow => {
    const isKey = name === `${doc.cell}_key` || doc.uniqueKey.includes(name);
    return { name, role: isKey ? 'key' : HISTORY.includes(name) ? 'history' : 'attribute', additive: null };
  });
  return cut(doc, rows);
}

function cut(doc: TableDoc, rows: readonly StarRow[]): StarTable {
  const sorted = rows.toSorted((a, b) => ORDER.indexOf(a.role) - ORDER.indexOf(b.role));
  return { doc, rows: sorted.slice(0, MOST_ROWS), more: Math.max(0, sorted.length - MOST_ROWS) };
}

export function isNumber(type: string): boolean {
  return /^(U?(TINY|SMALL|BIG|HUGE)?INT|U?INTEGER|DECIMAL|DOUBLE|FLOAT|REAL)/i.test(type);
}
