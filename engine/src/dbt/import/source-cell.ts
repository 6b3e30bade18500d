import type { ImportFinding, Json, JsonObject } from '@datacraft/shared';
import { isLayer, say, worded } from '@datacraft/shared';
import type { CellDraft } from '../../interchange/draft.ts';
import { configOf, layerOf } from './config.ts';
import type { ProjectNames } from './names.ts';
import { sourceName } from './names.ts';
import type { DbtProject, SourceTable, TextFile } from './project.ts';
import { isObject } from './project.ts';

/** Files that a cell reads, by their path in the project. */
export interface FileCell {
  readonly cell: CellDraft;
  readonly reads: readonly string[];
}

export function seedCell(seed: TextFile, project: DbtProject, names: ProjectNames): FileCell {
  const properties = project.properties.get('seeds')?.get(seed.name);
  const config = configOf(project, 'seeds', seed, properties);
  const layer = layerOf(config, '', 'bronze');
  const types = config.get('column_types');
  const delimiter = config.get('delimiter');
  const description = properties?.value['description'];
  return {
    reads: [seed.path],
    cell: {
      kind: 'source',
      name: names.nodes.get(seed.name) ?? seed.name,
      source: '',
      file: seed.path,
      config: {
        type: 'csv',
        path: `./${seed.path}`,
        header: true,
        delimiter: typeof delimiter === 'string' ? delimiter : ',',
        ...(isObject(types) && Object.keys(types).length > 0 ? { columns: types } : {}),
        ...(layer === 'bronze' ? {} : { layer }),
        ...(typeof description === 'string' && description !== '' ? { description } : {}),
      },
    },
  };
}

/** A source table: a file of the project where it says so, a table that is here by its layer, else one to be connected. */
export function sourceCell(
  entry: SourceTable,
  names: ProjectNames,
  files: ReadonlyMap<string, unknown>,
  findings: ImportFinding[],
): FileCell {
  const { source, table } = sourceName(entry);
  const name = names.sources.get(`${source}.${table}`) ?? table;
  const schema = String(entry.source['schema'] ?? source);
  const identifier = String(entry.table.value['identifier'] ?? table);
  const { file, line } = entry.table;
  const made = (config: JsonObject, reads: readonly string[] = []): FileCell => {
    const description = entry.table.value['description'];
    const said = typeof description === 'string' && description !== '' ? { description } : {};
    return { reads, cell: { kind: 'source', name, source: '', file, config: { ...config, ...said } } };
  };
  const location = locationOf(entry)
    ?.replaceAll('{name}', table)
    .replaceAll('{identifier}', identifier)
    .replaceAll('{schema}', schema);
  const path = location === undefined ? undefined : (/'([^']+)'/.exec(location)?.[1] ?? location);
  const type = path === undefined ? undefined : fileTypes[/\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? ''];
  if (path !== undefined && type !== undefined && files.has(path.replace(/^\.\//, '')))
    return made({ type, path: `./${path.replace(/^\.\//, '')}` }, [path.replace(/^\.\//, '')]);
  const here = isLayer(schema) && !(schema === 'bronze' && identifier === name);
  if (here) return made({ type: 'table', table: `${schema}.${identifier}` });
  const words = say(
    '{source}.{table} is loaded outside the project: the cell {name} expects it in PostgreSQL by a connection called {source}; choose there where it is read from',
    { source, table, name },
  );
  findings.push({ file, line, column: 1, severity: 'warning', ...worded(words) });
  return made({ type: 'postgres', connection: source, table: `${schema}.${identifier}` });
}

const fileTypes: Readonly<Record<string, string>> = {
  csv: 'csv',
  tsv: 'csv',
  json: 'json',
  ndjson: 'json',
  jsonl: 'json',
  parquet: 'parquet',
};

function locationOf({ source, table }: SourceTable): string | undefined {
  const places: (Json | undefined)[] = [table.value, source].flatMap((each) => {
    const config = isObject(each['config']) ? each['config'] : {};
    return [each['meta'], config['meta'], config, each['external']];
  });
  for (const place of places) {
    const location = isObject(place) ? (place['external_location'] ?? place['location']) : undefined;
    if (typeof location === 'string') return location;
  }
  return undefined;
}
