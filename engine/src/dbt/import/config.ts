import type { Json, JsonObject, Layer } from '@datacraft/shared';
import { isLayer } from '@datacraft/shared';
import type { Value } from '../jinja/value.ts';
import { textOf } from '../jinja/value.ts';
import type { DbtProject, Properties, TextFile } from './project.ts';
import { isObject } from './project.ts';

export type Config = ReadonlyMap<string, Json>;

/** What holds for a file: of `dbt_project.yml` by its folders, of its properties, and of its own config(), the nearest last. */
export function configOf(
  project: DbtProject,
  kind: 'models' | 'seeds' | 'snapshots',
  file: Pick<TextFile, 'path' | 'name'>,
  properties: Properties | undefined,
  own: ReadonlyMap<string, Value> = new Map(),
): Config {
  const config = new Map<string, Json>();
  const tree = project.config[kind];
  const own_ = isObject(tree) ? tree[project.name] : undefined;
  const steps = [...file.path.split('/').slice(1, -1), file.name];
  let place: Json | undefined = own_;
  if (isObject(tree)) take(tree, config, true);
  for (const step of ['', ...steps]) {
    place = step === '' ? place : isObject(place) ? place[step] : undefined;
    if (isObject(place)) take(place, config, false);
  }
  if (properties && isObject(properties.value['config']))
    for (const [key, value] of Object.entries(properties.value['config'])) config.set(key, value);
  for (const [key, value] of own) config.set(key, jsonOf(value));
  return config;
}

/** Keys with a plus; without one only where they are no folders. */
function take(place: JsonObject, config: Map<string, Json>, onlyPlus: boolean): void {
  for (const [key, value] of Object.entries(place)) {
    if (key.startsWith('+')) config.set(key.slice(1), value);
    else if (!onlyPlus && !isObject(value)) config.set(key, value);
  }
}

export function jsonOf(value: Value): Json {
  if (value instanceof Map)
    return Object.fromEntries([...(value as ReadonlyMap<string, Value>)].map(([key, item]) => [key, jsonOf(item)]));
  if (Array.isArray(value)) return (value as readonly Value[]).map(jsonOf);
  return typeof value === 'object' && value !== null ? textOf(value) : (value as Json);
}

/** The layer of a file: its schema when that is one, else what its folders are called. */
export function layerOf(config: Config, path: string, fallback: Layer): Layer {
  const schema = config.get('schema');
  if (typeof schema === 'string' && isLayer(schema)) return schema;
  const folders = path
    .split('/')
    .slice(0, -1)
    .map((folder) => folder.toLowerCase());
  if (folders.some((folder) => /^(marts?|gold|reporting|report|dimensional|core)$/.test(folder))) return 'gold';
  if (folders.some((folder) => /^(bronze|raw)$/.test(folder))) return 'bronze';
  return fallback;
}

export function listOf(value: Json | undefined): string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
