import type { Json, JsonObject } from '@datacraft/shared';
import type { CellModel } from '#lib/cell/cell-model.svelte.ts';
import * as operations from './operations.ts';
import type { NotebookSession } from './session.svelte.ts';
import { renameModel, renameParameter, renameRelation } from './sql-names.ts';

/** What one other cell becomes when a cell gets another name. */
export interface Follower {
  readonly cell: CellModel;
  readonly text: string;
  readonly config: Readonly<Record<string, Json>>;
}

/** The cells whose text or settings mean this one, as they would read with its new name. */
export function followersOf(session: NotebookSession, cell: CellModel, to: string): Follower[] {
  return session.cells.flatMap((other) => {
    if (other.id === cell.id || other.kind === 'markdown') return [];
    const text = textWith(session, other, cell, to);
    const config = configWith(other.config, cell.name, to);
    return text === other.text && Object.keys(config).length === 0 ? [] : [{ cell: other, text, config }];
  });
}

/** The name and everything that means it, as one step of undo. */
export function renameWith(
  session: NotebookSession,
  cell: CellModel,
  to: string,
  followers: readonly Follower[],
): void {
  const { document, undo } = session;
  undo.stopCapturing();
  document.doc.transact(() => {
    operations.rename(document, cell, to);
    for (const { cell: other, text, config } of followers) {
      if (text !== other.text) operations.replaceText(document, other, text);
      operations.setConfigs(document, other.id, config);
    }
  }, operations.byHand);
  undo.stopCapturing();
}

/** The compiler knows who reads whom; of a text that does not parse now, its words decide. */
function textWith(session: NotebookSession, other: CellModel, cell: CellModel, to: string): string {
  if (other.kind !== 'sql' && other.kind !== 'transform') return other.text;
  if (cell.kind === 'input') return renameParameter(other.text, cell.name, to);
  const status = session.live.statuses.get(other.id);
  const isReader = status?.fingerprint == null || status.dependsOn.includes(cell.name);
  const text = cell.kind === 'model' ? renameModel(other.text, cell.name, to) : other.text;
  return isReader ? renameRelation(text, cell.name, to) : text;
}

/** The top-level keys that change. */
export function configWith(config: JsonObject, from: string, to: string): Record<string, Json> {
  const changed: Record<string, Json> = {};
  if (config['from'] === from) changed['from'] = to;
  const dimensions = config['dimensions'];
  if (isObject(dimensions) && Object.values(dimensions).includes(from))
    changed['dimensions'] = Object.fromEntries(
      Object.entries(dimensions).map(([key, value]) => [key, value === from ? to : value]),
    );
  const tables = config['feature_tables'];
  if (tables === from) changed['feature_tables'] = to;
  if (Array.isArray(tables) && tables.includes(from))
    changed['feature_tables'] = tables.map((table) => (table === from ? to : table));
  const steps = config['steps'];
  if (Array.isArray(steps) && steps.some((step) => isObject(step) && step['predict'] === from))
    changed['steps'] = steps.map((step) =>
      isObject(step) && step['predict'] === from ? { ...step, predict: to } : step,
    );
  const expect = config['expect'];
  if (Array.isArray(expect) && expect.some((rule) => targetOf(rule) === from))
    changed['expect'] = expect.map((rule) => (targetOf(rule) === from ? withTarget(rule, to) : rule));
  return changed;
}

function targetOf(rule: Json): Json | undefined {
  const relationships = isObject(rule) ? rule['relationships'] : undefined;
  return isObject(relationships) ? relationships['to'] : undefined;
}

function withTarget(rule: Json, to: string): Json {
  if (!isObject(rule) || !isObject(rule['relationships'])) return rule;
  return { ...rule, relationships: { ...rule['relationships'], to } };
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
