/**
 * One cell as the page sees it: fields that follow the cell's Y.Map, each by itself, so that a keystroke in one cell
 * touches no other. Values are copies; writes go through notebook/operations.
 */
import { isCellKind, type CellId, type CellKind, type JsonObject } from '@datacraft/shared';
import * as Y from 'yjs';

export class CellModel {
  readonly id: CellId;
  readonly map: Y.Map<unknown>;
  kind = $state<CellKind>('sql');
  name = $state('');
  order = $state('');
  deletedAt = $state<string | null>(null);
  /** The id of whoever put it into the bin. */
  deletedBy = $state<string | null>(null);
  config = $state.raw<JsonObject>({});
  /** The text as it is now; editors bind to `ytext` instead. */
  text = $state('');
  readonly #onChange = (events: Y.YEvent<Y.AbstractType<unknown>>[]): void => this.#read(events);

  constructor(id: string, map: Y.Map<unknown>) {
    this.id = id as CellId;
    this.map = map;
    this.#readAll();
    map.observeDeep(this.#onChange);
  }

  /** Undefined for the moment between a cell's creation and its text's arrival. */
  get ytext(): Y.Text | undefined {
    const source = this.map.get('source');
    return source instanceof Y.Text ? source : undefined;
  }

  destroy(): void {
    this.map.unobserveDeep(this.#onChange);
  }

  #read(events: Y.YEvent<Y.AbstractType<unknown>>[]): void {
    if (events.every((event) => event.target instanceof Y.Text)) this.#readText();
    else this.#readAll();
  }

  #readText(): void {
    this.text = this.ytext?.toString() ?? '';
  }

  #readAll(): void {
    const kind = this.map.get('kind');
    if (typeof kind === 'string' && isCellKind(kind)) this.kind = kind;
    this.name = stringAt(this.map, 'name');
    this.order = stringAt(this.map, 'order');
    this.deletedAt = stringAt(this.map, 'deletedAt') || null;
    this.deletedBy = stringAt(this.map, 'deletedBy') || null;
    const config = this.map.get('config');
    this.config = config instanceof Y.Map ? (config.toJSON() as JsonObject) : {};
    this.#readText();
  }
}

function stringAt(map: Y.Map<unknown>, key: string): string {
  const value = map.get(key);
  return typeof value === 'string' ? value : '';
}
