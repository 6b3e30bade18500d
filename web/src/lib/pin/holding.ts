/** What a person does with held inputs: hold those of a cell, take the rows of now, release them. */
import type { CellId, PinnedInput, PinRequest } from '@datacraft/shared';
import type { CellModel } from '#lib/cell/cell-model.svelte.ts';
import { m } from '#lib/i18n/index.svelte.ts';
import type { NotebookSession } from '#lib/notebook/session.svelte.ts';
import { say } from '#lib/ui/toast.svelte.ts';
import { nowName, rowsOf } from './relations.ts';

const holdable = new Set(['sql', 'source', 'transform']);
/** As the body of a request holds it; Base64 is a third longer. */
const MOST_BYTES = 5_500_000;
const MOST_ROWS = 200_000;

/** Cells that a cell reads and that have rows to hold. */
export function inputsOf(session: NotebookSession, cell: CellModel): CellModel[] {
  const names = session.live.statuses.get(cell.id)?.dependsOn ?? [];
  return names.flatMap((name) => {
    const above = session.document.byName(name);
    return above && holdable.has(above.kind) ? [above] : [];
  });
}

/** What of a cell's direct inputs is held. */
export function heldOf(session: NotebookSession, cell: CellModel): PinnedInput[] {
  return inputsOf(session, cell).flatMap((above) => session.pins.of(above.id) ?? []);
}

export function mayHold(session: NotebookSession, cell: CellModel): boolean {
  return !session.rights.guest && inputsOf(session, cell).length > 0;
}

/** Holds the inputs that are not held yet; when all are, releases them. */
export async function holdOrRelease(session: NotebookSession, cell: CellModel): Promise<void> {
  if (!mayHold(session, cell)) return;
  const held = heldOf(session, cell);
  if (held.length === inputsOf(session, cell).length) return release(session, held);
  const free = inputsOf(session, cell).filter((above) => session.pins.of(above.id) === null);
  const done = await session.pins.hold(free.map((above) => requestOf(session, above, above.name)));
  tell(session, done, m().pin.nowHeld(free.map((above) => above.name).join(', ')));
}

/** The rows of now take the place of the held ones, and are held. */
export async function take(session: NotebookSession, pins: readonly PinnedInput[]): Promise<void> {
  const cells = pins.flatMap((pin) => session.document.find(pin.cellId) ?? []);
  const done = await session.pins.hold(cells.map((cell) => requestOf(session, cell, nowName(cell.name))));
  tell(session, done, m().pin.taken(cells.map((cell) => cell.name).join(', ')));
}

export async function release(session: NotebookSession, pins: readonly PinnedInput[]): Promise<void> {
  const done = await session.pins.release(pins.map((pin) => pin.cellId));
  tell(session, done, m().pin.released(pins.map((pin) => pin.name).join(', ')));
}

function tell(session: NotebookSession, done: boolean, text: string): void {
  if (done) say(text);
  else say(session.pins.asking.failure ?? m().common.offline, { mark: 'failed' });
}

function requestOf(session: NotebookSession, cell: CellModel, relation: string) {
  const request = async (): Promise<PinRequest> => {
    const { bytes, columns, rowCount, extent } = await session.preview.rowsOf(
      rowsOf(relation),
      { cellId: cell.id, name: cell.name },
      MOST_ROWS + 1,
    );
    if (rowCount > MOST_ROWS || bytes.length > MOST_BYTES) throw new Error(m().pin.tooLarge(cell.name));
    return { name: cell.name, columns: [...columns], rowCount, extent, rows: base64(bytes) };
  };
  return { cellId: cell.id as CellId, request };
}

function base64(bytes: Uint8Array): string {
  const AT_ONCE = 0x8000;
  let text = '';
  for (let at = 0; at < bytes.length; at += AT_ONCE) text += String.fromCharCode(...bytes.subarray(at, at + AT_ONCE));
  return btoa(text);
}
