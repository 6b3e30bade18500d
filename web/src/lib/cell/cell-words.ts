import {
  isLayer,
  materializations,
  type JsonObject,
  type Layer,
  type Materialization,
  type Progress,
} from '@datacraft/shared';
import { formatBytes, formatCompact } from '#lib/i18n/format.ts';
import { m } from '#lib/i18n/index.svelte.ts';
import type { CellModel } from './cell-model.svelte.ts';

/** The layer a cell publishes to: what it says, or the default of its kind. */
export function layerOf(cell: CellModel): Layer | null {
  const said = cell.config['layer'];
  if (typeof said === 'string' && isLayer(said)) return said;
  if (cell.kind === 'source') return 'bronze';
  if (cell.kind === 'sql' || cell.kind === 'transform' || cell.kind === 'model') return 'silver';
  return null;
}

/** How far a task or a reading is: rows and bytes, of how many where that is known; else the share of the work. */
export function progressWords(progress: Progress | null): string {
  const words = m().cell;
  const { rows = null, total = null, percent = null, isEstimate, bytes, totalBytes } = progress ?? {};
  const all = total === null ? null : `${isEstimate === true ? '≈ ' : ''}${formatCompact(total)}`;
  const inRows = rows === null ? '' : all === null ? m().common.rows(rows) : words.progress(formatCompact(rows), all);
  const inBytes =
    bytes === undefined || bytes === 0
      ? ''
      : totalBytes === undefined
        ? formatBytes(bytes)
        : words.progressBytes(formatBytes(bytes), formatBytes(totalBytes));
  const share = percent === null ? m().common.run.running : `${Math.floor(percent)} %`;
  return [inRows, inBytes].filter(Boolean).join(' · ') || share;
}

/** What stands after the name: kind, and how it is kept. */
export function detailOf(cell: CellModel): string {
  const kind = m().cell.kind[cell.kind];
  if (cell.kind === 'source')
    return [kind, textAt(cell.config, 'type'), sourceName(cell.config)].filter(Boolean).join(' · ');
  if (cell.kind === 'chart')
    return [kind, textAt(cell.config, 'from') && m().cell.from(textAt(cell.config, 'from'))]
      .filter(Boolean)
      .join(' · ');
  if (cell.kind === 'model')
    return [kind, m().model.tasks[textAt(cell.config, 'task')] ?? ''].filter(Boolean).join(' · ');
  if (cell.kind === 'input') return [kind, textAt(cell.config, 'type')].filter(Boolean).join(' · ');
  const how = textAt(cell.config, 'materialize') || 'table';
  return `${kind} · ${isMaterialization(how) ? m().cell.materialize[how] : how}`;
}

/** The file's own name, without the upload's address. */
export function sourceName(config: JsonObject): string {
  const path = textAt(config, 'path') || textAt(config, 'template') || textAt(config, 'table');
  return decodeURIComponent(path.split('/').at(-1) ?? path);
}

export function textAt(config: JsonObject, key: string): string {
  const value = config[key];
  return typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : '';
}

function isMaterialization(text: string): text is Materialization {
  return (materializations as readonly string[]).includes(text);
}
