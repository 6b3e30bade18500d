import { createHash } from 'node:crypto';
import type { CellLineage, LineageColumn, LineageEdge } from '@datacraft/shared';

/** OpenLineage's event about a run or one cell in it, as its specification 2-0-2 has it. */
export interface OpenLineageEvent {
  readonly eventType: 'START' | 'COMPLETE' | 'FAIL' | 'ABORT';
  readonly eventTime: string;
  readonly producer: string;
  readonly schemaURL: string;
  readonly run: { readonly runId: string; readonly facets: Readonly<Record<string, object>> };
  readonly job: {
    readonly namespace: string;
    readonly name: string;
    readonly facets: Readonly<Record<string, object>>;
  };
  readonly inputs: readonly Dataset[];
  readonly outputs: readonly Dataset[];
}

export interface Dataset {
  readonly namespace: string;
  readonly name: string;
  readonly facets?: Readonly<Record<string, object>>;
}

export interface EventFacts {
  readonly type: OpenLineageEvent['eventType'];
  readonly at: Date;
  readonly runId: string;
  /** Title of the notebook. */
  readonly notebook: string;
  readonly cell: CellLineage;
  readonly error?: string;
  /** Who tells: an address of this DataCraft. */
  readonly producer: string;
}

/** Of a run as a whole: the parent of what its cells tell. */
export type RunFacts = Omit<EventFacts, 'cell'>;

const SPEC = 'https://openlineage.io/spec';
const NAMESPACE = 'datacraft';

export function openLineageEvent({ type, at, runId, notebook, cell, error, producer }: EventFacts): OpenLineageEvent {
  const tables = new Set(
    edgesOf(cell)
      .map(({ table }) => table)
      .filter((table) => !table.startsWith('$')),
  );
  return {
    eventType: type,
    eventTime: at.toISOString(),
    producer,
    schemaURL: `${SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent`,
    run: {
      runId: uuidOf(`${runId}/${cell.cell}`),
      facets: { parent: parent(producer, runId, notebook), ...failure(producer, error) },
    },
    job: { namespace: NAMESPACE, name: `${notebook}.${cell.cell}`, facets: {} },
    inputs: [...tables].sort().map((name) => ({ namespace: NAMESPACE, name })),
    outputs:
      cell.relation === null
        ? []
        : [{ namespace: NAMESPACE, name: cell.relation, facets: outputFacets(producer, cell) }],
  };
}

export function openLineageRun({ type, at, runId, notebook, error, producer }: RunFacts): OpenLineageEvent {
  return {
    eventType: type,
    eventTime: at.toISOString(),
    producer,
    schemaURL: `${SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent`,
    run: { runId: uuidOf(runId), facets: failure(producer, error) },
    job: { namespace: NAMESPACE, name: notebook, facets: {} },
    inputs: [],
    outputs: [],
  };
}

function edgesOf({ columns, rows }: CellLineage): readonly LineageEdge[] {
  return [...rows, ...columns.flatMap(({ from }) => from)];
}

function facet(producer: string, name: string, version: string, schema: string, content: object): object {
  return { _producer: producer, _schemaURL: `${SPEC}/facets/${version}/${name}.json#/$defs/${schema}`, ...content };
}

function parent(producer: string, runId: string, notebook: string): object {
  return facet(producer, 'ParentRunFacet', '1-0-1', 'ParentRunFacet', {
    run: { runId: uuidOf(runId) },
    job: { namespace: NAMESPACE, name: notebook },
  });
}

function failure(producer: string, error: string | undefined): Record<string, object> {
  if (error === undefined) return {};
  const content = { message: error, programmingLanguage: 'SQL' };
  return { errorMessage: facet(producer, 'ErrorMessageRunFacet', '1-0-0', 'ErrorMessageRunFacet', content) };
}

function outputFacets(producer: string, { columns, rows }: CellLineage): Record<string, object> {
  const fields = columns.map(({ name, type }) => ({ name, ...(type === null ? {} : { type }) }));
  return {
    schema: facet(producer, 'SchemaDatasetFacet', '1-1-1', 'SchemaDatasetFacet', { fields }),
    columnLineage: facet(producer, 'ColumnLineageDatasetFacet', '1-2-0', 'ColumnLineageDatasetFacet', {
      fields: Object.fromEntries(columns.map((column) => [column.name, { inputFields: inputFields(column) }])),
      dataset: byField(rows),
    }),
  };
}

function inputFields({ from }: LineageColumn): readonly object[] {
  return byField(from);
}

/** One entry a column that is read, with all the ways in which it is. */
function byField(edges: readonly LineageEdge[]): readonly object[] {
  const fields = new Map<string, { table: string; column: string; transformations: object[] }>();
  for (const edge of edges) {
    if (edge.table.startsWith('$')) continue;
    const key = `${edge.table}\0${edge.column}`;
    const found = fields.get(key) ?? { table: edge.table, column: edge.column, transformations: [] };
    found.transformations.push(transformation(edge));
    fields.set(key, found);
  }
  return [...fields.values()].map(({ table, column, transformations }) => ({
    namespace: NAMESPACE,
    name: table,
    field: column,
    transformations,
  }));
}

const subtypes: Record<LineageEdge['kind'], string> = {
  direct: 'IDENTITY',
  filter: 'FILTER',
  join: 'JOIN',
  group: 'GROUP_BY',
  sort: 'SORT',
  window: 'WINDOW',
  condition: 'CONDITIONAL',
};
const directs = { identity: 'IDENTITY', transform: 'TRANSFORMATION', aggregate: 'AGGREGATION' } as const;

function transformation({ kind, how }: LineageEdge): object {
  const subtype = how === null ? subtypes[kind] : directs[how];
  return { type: kind === 'direct' ? 'DIRECT' : 'INDIRECT', subtype, description: '', masking: false };
}

/** OpenLineage wants UUIDs: always the same one for the same text, with the marks of version 8. */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  const variant = ((Number.parseInt(hex.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(18, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
