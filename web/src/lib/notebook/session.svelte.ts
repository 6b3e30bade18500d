/**
 * Everything one open notebook is on this page, held together: the document on the wire, who is here, what the server
 * knows, previews, inputs, and what is selected. Components get it from context and hold no state of their own that
 * another one needs.
 *
 * Not here: how an edit is written (operations.ts), what a key does (keymap.ts).
 */
import { goto } from '$app/navigation';
import type { CellId, CellKind, NotebookEvent, NotebookId, NotebookSummary, RunRequest } from '@datacraft/shared';
import { boundParams, boundTypes } from '@datacraft/shared';
import { cellsChangedBy, createUndo, isBlank } from '@datacraft/shared/ydoc';
import { createContext } from 'svelte';
import type * as Y from 'yjs';
import { api, messageOf } from '#lib/api/index.ts';
import { listen } from '#lib/api/events.ts';
import type { CellModel } from '#lib/cell/cell-model.svelte.ts';
import { Comments } from '#lib/comment/comments.svelte.ts';
import { notices } from '#lib/comment/notices.svelte.ts';
import { Finding } from '#lib/find/finding.svelte.ts';
import { History } from '#lib/history/history.svelte.ts';
import { Pins } from '#lib/pin/pins.svelte.ts';
import { rowsOf, withHeldRows } from '#lib/pin/relations.ts';
import { httpDoor } from '#lib/preview/http-door.ts';
import { transformRelations } from '#lib/transform/relations.ts';
import { createPreview, type Preview, type PreviewCell } from '#lib/preview/preview.svelte.ts';
import { RoomConnection } from '#lib/room/connection.svelte.ts';
import { Presence } from '#lib/room/presence.svelte.ts';
import type { Rights } from '#lib/share/rights.svelte.ts';
import { type Moment, Moments, withRowsOf } from '#lib/stream/moments.svelte.ts';
import { NotebookStreams } from '#lib/stream/notebook-streams.svelte.ts';
import { m } from '#lib/i18n/index.svelte.ts';
import { say } from '#lib/ui/toast.svelte.ts';
import { AutoRun } from './auto-run.ts';
import type { CellState } from './cell-state.ts';
import { Following } from './following.svelte.ts';
import { InputValues, inputSpec } from './inputs.svelte.ts';
import { keepKey, madeOf } from './made.ts';
import { LiveState } from './live-state.svelte.ts';
import { labelOf } from './commenting.ts';
import { NotebookDocument } from './notebook-document.svelte.ts';
import * as operations from './operations.ts';
import { Printing } from './printing.svelte.ts';
import { reveal } from './reveal.ts';
import { Selection } from './selection.svelte.ts';

export const [getSession, setSession] = createContext<NotebookSession>();

interface HeldCell {
  readonly name: string;
  readonly version: string;
  readonly moment: Moment | null;
}

export class NotebookSession {
  readonly id: NotebookId;
  readonly room: RoomConnection;
  readonly document: NotebookDocument;
  readonly presence: Presence;
  readonly live = new LiveState();
  readonly inputs = new InputValues();
  readonly preview: Preview;
  readonly selection: Selection;
  readonly undo: Y.UndoManager;
  readonly comments: Comments;
  readonly following = new Following();
  readonly printing = new Printing();
  readonly finding = new Finding(() => this.cells);
  readonly history: History;
  readonly rights: Rights;
  readonly pins: Pins;
  readonly moments = new Moments();
  readonly streams: NotebookStreams;
  autoRun = $state(true);
  /** Of the last call for a run or a switch; shown beside the run button. */
  failure = $state<string | null>(null);
  starting = $state(false);
  readonly #described = new Map<CellId, readonly PreviewCell[]>();
  #defining = false;
  readonly #autoRun: AutoRun;

  constructor(summary: NotebookSummary, user: { id: string; name: string; color: number }, rights: Rights) {
    this.id = summary.id;
    this.autoRun = summary.autoRun;
    this.rights = rights;
    this.comments = new Comments(summary.id, !rights.guest);
    this.history = new History(summary.id);
    this.pins = new Pins(summary.id, !rights.guest);
    void this.pins.refresh();
    this.streams = new NotebookStreams(summary.id, !rights.guest);
    this.room = new RoomConnection(summary.id, rights.guest ? null : user.id);
    this.document = new NotebookDocument(this.room.doc, user.id);
    this.presence = new Presence(this.room.awareness, user);
    const door = httpDoor(summary.id);
    this.preview = createPreview({
      ...door,
      fetchHeld: (id, signal) => this.moments.rowsOf(id) ?? door.fetchHeld(id, signal),
    });
    this.selection = new Selection(summary.id);
    this.undo = createUndo(this.room.doc, operations.byHand);
    this.undo.on('stack-item-popped', ({ changedParentTypes }) =>
      this.#showChanged(cellsChangedBy(this.room.doc, changedParentTypes)),
    );
    this.#autoRun = new AutoRun(this);
    const last = summary.lastRun;
    if (last === null) return;
    if (last.state === 'queued' || last.state === 'running') this.selection.panel = 'run';
    void this.#loadRun(last.runId);
  }

  get canEdit(): boolean {
    return this.rights.atLeast('editor');
  }

  get canRun(): boolean {
    return this.rights.atLeast('runner');
  }

  get canComment(): boolean {
    return this.rights.atLeast('commenter');
  }

  get cells(): readonly CellModel[] {
    return this.document.live;
  }

  get selected(): CellModel | null {
    return this.document.find(this.selection.id);
  }

  stateOf(cell: CellModel): CellState {
    return this.live.stateOf(cell.id, cell.name);
  }

  destroy(): void {
    this.printing.stop();
    this.#autoRun.destroy();
    this.streams.destroy();
    this.preview.dispose();
    this.undo.destroy();
    this.presence.destroy();
    this.document.destroy();
    this.room.destroy();
  }

  /** Hears of the graph, runs and people's work until the answer is called; once the document is here, which it would delay. */
  listen(): () => void {
    return listen(
      this.id,
      (event) => {
        const { rhythm } = this.room;
        // A graph is of all cells, so that it costs a frame or two; what else is told comes after it.
        if (event.type === 'graph') return rhythm.whenFree(() => this.#hear(event));
        rhythm.catchUp();
        this.#hear(event);
      },
      (open) => {
        if (open && this.live.heard) void this.rights.lookAgain();
        this.live.open = open;
      },
    );
  }

  #hear(event: NotebookEvent): void {
    this.live.hear(event);
    this.rights.hear(event);
    if (event.type === 'streams') void this.streams.refresh();
    if (event.type === 'comments' && !this.rights.guest) void this.#hearComments();
    if (event.type === 'versions' && this.selection.view === 'history') void this.history.refresh();
    this.#autoRun.consider();
  }

  /** Tells the preview engine what one cell is now; the answer takes it back. A keystroke costs one cell, not all. */
  describe(cell: CellModel, version: string): () => void {
    const held = this.heldAbove(cell).map(({ name }) => name);
    const moment = this.moments.of(cell.id);
    const relations = this.#relationsOf(cell, version);
    this.#described.set(
      cell.id,
      moment ? withRowsOf(relations, moment, held) : withHeldRows(relations, this.pins.of(cell.id), held),
    );
    this.#defineSoon();
    return () => {
      this.#described.delete(cell.id);
      this.#defineSoon();
    };
  }

  #defineSoon(): void {
    if (this.#defining) return;
    this.#defining = true;
    queueMicrotask(() => {
      this.#defining = false;
      this.preview.define([...this.#described.values()].flat());
    });
  }

  /** A source's and a chart's own rows are a query over a relation. */
  #relationsOf(cell: CellModel, version: string): PreviewCell[] {
    if (cell.name === '') return [];
    const kind = cell.kind === 'chart' ? 'sql' : cell.kind;
    const relation = { id: cell.id, name: cell.name, kind, text: cell.text, version };
    const made = madeOf(cell, {
      cellNamed: (name) => this.document.byName(name),
      readsOf: (id) => this.live.statuses.get(id)?.dependsOn ?? [],
    });
    const isFirst = !this.live.statuses.get(cell.id)?.published;
    // Which keys its rows were given before, only the server knows.
    if (cell.kind === 'sql' && made !== undefined && !isFirst)
      return [
        { ...relation, kind: 'model' },
        { ...relation, name: `${cell.name} rows` },
      ];
    const typed = made === undefined || !isFirst ? relation : { ...relation, made };
    if (cell.kind === 'transform') return transformRelations(cell, typed);
    if (cell.kind !== 'source' && cell.kind !== 'model') return [typed];
    // The name has a space, so no text can mean it; the id is the source's, so its result is found there.
    return [relation, { id: cell.id, name: `${cell.name} rows`, kind: 'sql', text: rowsOf(cell.name), version: '' }];
  }

  /** Changes when the server holds other data for the cell. */
  versionOf(cell: CellModel): string {
    const status = this.live.statuses.get(cell.id);
    const data = `${status?.fingerprint ?? ''}/${status?.published?.snapshotId ?? ''}`;
    return cell.kind === 'source' ? `${data}/${JSON.stringify(cell.config)}` : data;
  }

  bindInputs(): void {
    const inputs = this.cells.filter((cell) => cell.kind === 'input' && cell.name !== '');
    this.preview.bind(
      Object.assign(
        {},
        ...inputs.map((cell) => boundParams(cell.name, inputSpec(cell.config), this.inputs.valueOf(cell))),
      ),
      Object.assign({}, ...inputs.map((cell) => boundTypes(cell.name, inputSpec(cell.config)))),
    );
  }

  /** What the result of a cell depends on beside its own text: when it changes in Auto, the preview is made again. */
  inputsKeyOf(cell: CellModel): string {
    const names = this.live.statuses.get(cell.id)?.dependsOn ?? [];
    const parts = names.map((name) => {
      const above = this.document.byName(name);
      if (!above) return name;
      return above.kind === 'input'
        ? `${name}=${JSON.stringify(this.inputs.valueOf(above))}`
        : `${name}@${this.heldOf(above)?.version ?? this.versionOf(above)}`;
    });
    const held = this.heldAbove(cell).map(({ name, version }) => `${name}@${version}`);
    const isPublished = this.live.statuses.get(cell.id)?.published != null;
    return [...parts, ...held, keepKey(cell, isPublished)].join(' ');
  }

  /** What stands in the place of a cell's own rows: a moment of its past, else what the person holds. */
  heldOf({ id, name }: CellModel): HeldCell | null {
    const moment = this.moments.of(id);
    if (moment) return { name, version: moment.snapshotId, moment };
    const pin = this.pins.of(id);
    return pin && { name: pin.name, version: pin.pinnedAt, moment: null };
  }

  /** Held rows that the cell is computed from, however far above; what is above those plays no part. */
  heldAbove(cell: CellModel): HeldCell[] {
    if (this.pins.list.length === 0 && !this.moments.any) return [];
    const found: HeldCell[] = [];
    const seen = new Set<string>();
    const queue = [...(this.live.statuses.get(cell.id)?.dependsOn ?? [])];
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      if (seen.has(name)) continue;
      seen.add(name);
      const above = this.document.byName(name);
      const held = above && this.heldOf(above);
      if (held) found.push(held);
      else queue.push(...(this.live.byName.get(name)?.dependsOn ?? []));
    }
    return found;
  }

  add(kind: CellKind, place: operations.Place): CellId | null {
    if (!this.canEdit) return null;
    const id = operations.add(this.document, kind, place);
    this.selection.edit(id);
    requestAnimationFrame(() => reveal(id));
    return id;
  }

  async start(request: RunRequest = {}, by: 'hand' | 'auto' = 'hand'): Promise<void> {
    if (!this.canRun || this.starting) return;
    this.failure = null;
    this.starting = true;
    try {
      const { runId } = await api.startRun(this.id, request);
      if (request.env !== undefined) return await goto(`/runs/${runId}`);
      await this.#loadRun(runId);
      if (by === 'hand') this.selection.panel = 'run';
    } catch (error) {
      this.failure = messageOf(error);
    } finally {
      this.starting = false;
    }
  }

  /** One cell: shows it now and publishes it; what it reads comes along when that is not fresh. */
  runCell(cell: CellModel): void {
    if (cell.kind === 'markdown' || cell.kind === 'input') return;
    if (cell.kind === 'chart') return;
    this.preview.preview(cell.id);
    const above = this.live.statuses.get(cell.id)?.dependsOn ?? [];
    const allFresh = above.every((name) => {
      const kind = this.document.byName(name)?.kind;
      return kind === 'input' || this.live.byName.get(name)?.freshness === 'fresh';
    });
    void this.start({ select: [allFresh ? cell.name : `+${cell.name}`] });
  }

  /** The cell with all it reads, or with all that reads it. */
  runAround(cell: CellModel, side: 'upstream' | 'downstream'): void {
    if (cell.kind !== 'sql' && cell.kind !== 'source') return;
    this.preview.preview(cell.id);
    void this.start({ select: [side === 'upstream' ? `+${cell.name}` : `${cell.name}+`] });
  }

  async cancel(): Promise<void> {
    const run = this.live.run;
    if (!run || !this.live.active) return;
    try {
      await api.cancelRun(run.runId);
    } catch (error) {
      this.failure = messageOf(error);
    }
  }

  async setAutoRun(on: boolean): Promise<void> {
    this.autoRun = on;
    try {
      await api.updateNotebook(this.id, { autoRun: on });
    } catch (error) {
      this.autoRun = !on;
      this.failure = messageOf(error);
    }
  }

  /** What an undo changed may be far from where the person is. */
  #showChanged(ids: readonly CellId[]): void {
    this.selection.flash(ids);
    const shown = ids.find((id) => this.cells.some((cell) => cell.id === id));
    if (shown !== undefined) {
      this.selection.view = 'notebook';
      requestAnimationFrame(() => reveal(shown));
    }
    for (const cell of this.document.bin)
      if (ids.includes(cell.id) && !isBlank(this.room.doc, cell.id)) say(m().notebook.moved(labelOf(cell)));
  }

  async #hearComments(): Promise<void> {
    await Promise.all([this.comments.refresh(), notices.refresh()]);
  }

  async #loadRun(runId: string): Promise<void> {
    this.live.setRun(await api.run(runId));
  }
}
