import type { CellId } from '@datacraft/shared';
import { messageDurable } from '@datacraft/shared';
import {
  addCell,
  cellsMap,
  createUndo,
  deleteCell,
  moveCell,
  restoreCell,
  setConfigKey,
  sourceText,
} from '@datacraft/shared/ydoc';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { readerOf } from '../frame.ts';
import type { Deed, Ledger } from './ledger.ts';
import { wordOf, wordsIn } from './ledger.ts';

export type Random = (below: number) => number;

/** What one browser keeps of a document between tabs, as its IndexedDB would. */
export type Disk = Uint8Array[];

export interface Place {
  readonly port: number;
  readonly cookie: string;
  readonly notebookId: string;
}

/** A real client over a real socket: an unmodified provider, its own copy on disk, its own undo, its acknowledgements. */
export class Tab {
  readonly doc = new Y.Doc();
  readonly provider: WebsocketProvider;
  readonly #undo: Y.UndoManager;
  readonly #own = Symbol('own');
  readonly #disk: Disk;
  readonly #ledger: Ledger;
  readonly #author: string;
  /** Deeds with the number of the message of this socket that carries them; null: the next state does. */
  #open: { deed: Deed; message: number | null }[] = [];
  #sent = 0;

  constructor(author: string, disk: Disk, ledger: Ledger, place: Place) {
    this.#author = author;
    this.#disk = disk;
    this.#ledger = ledger;
    for (const update of disk) Y.applyUpdate(this.doc, update, 'disk');
    this.doc.on('update', (update: Uint8Array) => disk.push(update));
    this.#undo = createUndo(this.doc, this.#own);
    this.provider = this.#connect(place);
    for (const deed of [...ledger.words.values(), ...ledger.cells.values()])
      if (deed.author === author && deed.state === 'sent') this.#open.push({ deed, message: null });
  }

  get open(): number {
    return this.#open.length;
  }

  #connect(place: Place): WebsocketProvider {
    const onSend = (data: unknown) => this.#onSend(data);
    class Socket extends WebSocket {
      constructor(url: string) {
        super(url, { headers: { cookie: place.cookie } });
      }
      override send(data: Uint8Array): void {
        onSend(data);
        super.send(data);
      }
    }
    const provider = new WebsocketProvider(`ws://127.0.0.1:${place.port}/sync`, place.notebookId, this.doc, {
      WebSocketPolyfill: Socket as unknown as typeof globalThis.WebSocket,
      disableBc: true,
      params: { ack: '1' },
      maxBackoffTime: 250,
    });
    provider.messageHandlers[messageDurable] = (_encoder, decoder) =>
      this.#onDurable(readerOf(decoder.arr.subarray(decoder.pos)).varint());
    provider.on('status', ({ status }) => {
      if (status !== 'disconnected') return;
      this.#sent = 0;
      for (const one of this.#open) one.message = null;
    });
    return provider;
  }

  /** A state carries everything this tab has; an update the deed that is being done. */
  #onSend(data: unknown): void {
    if (!(data instanceof Uint8Array) || data[0] !== 0 || (data[1] !== 1 && data[1] !== 2)) return;
    this.#sent += 1;
    if (data[1] === 1) for (const one of this.#open) one.message ??= this.#sent;
  }

  #onDurable(count: number): void {
    const isStored = (one: { message: number | null }) => one.message !== null && one.message <= count;
    for (const { deed } of this.#open.filter(isStored)) if (deed.state === 'sent') deed.state = 'acknowledged';
    this.#open = this.#open.filter((one) => !isStored(one));
  }

  #do(deed: Deed, work: () => void): void {
    const before = this.#sent;
    work();
    this.#open.push({ deed, message: this.#sent > before ? this.#sent : null });
  }

  write(random: Random): void {
    const id = this.#anyCell(random);
    const text = id && sourceText(this.doc, id);
    if (!text) return this.addCell(random);
    const name = this.#ledger.newName(this.#author);
    const gaps = [0, ...[...text.toString().matchAll(/>/g)].map((match) => match.index + 1)];
    const deed: Deed = { author: this.#author, state: 'sent' };
    this.#ledger.words.set(name, deed);
    this.#do(deed, () => {
      this.doc.transact(() => text.insert(gaps[random(gaps.length)] ?? 0, wordOf(name)), this.#own);
    });
  }

  addCell(random: Random): void {
    const after = this.#anyCell(random);
    const deed: Deed = { author: this.#author, state: 'sent' };
    this.#do(deed, () => {
      const name = this.#ledger.newName('cell').replace('-', '_');
      const id = addCell(this.doc, { kind: 'sql', name }, after ? { after } : 'end');
      this.#ledger.cells.set(id, deed);
    });
  }

  /** The value says whose it is. */
  configure(random: Random): void {
    const id = this.#anyCell(random);
    if (!id) return;
    const key = ['unique_key', 'materialize'][random(2)] ?? '';
    const value = random(4) === 0 ? undefined : this.#ledger.newName(this.#author);
    setConfigKey(this.doc, id, key, value, this.#own);
  }

  move(random: Random): void {
    const [id, after] = [this.#anyCell(random), this.#anyCell(random)];
    if (id && after && id !== after) moveCell(this.doc, id, { after }, this.#own);
  }

  binOrRestore(random: Random): void {
    const id = this.#anyCell(random);
    if (!id) return;
    if (random(2) === 0) deleteCell(this.doc, id, '2026-01-01T00:00:00Z', this.#own);
    else restoreCell(this.doc, id, this.#own);
  }

  /** Throws when it takes away what somebody else wrote or set. */
  undo(): void {
    const before = new Set(this.#words());
    const settings = this.#settings();
    this.#undo.undo();
    const now = this.#settings();
    for (const [at, value] of settings)
      if (now.get(at) !== value && !value.startsWith(`${this.#author}-`))
        throw new Error(`undo of ${this.#author} took ${value} of ${at} away`);
    for (const word of this.#words()) before.delete(word);
    for (const word of before) {
      const deed = this.#ledger.words.get(word);
      if (deed?.author !== this.#author) throw new Error(`undo of ${this.#author} took ${word} away`);
      deed.state = 'undone';
    }
  }

  /** The tab dies. `disk: lost` takes with it what the server had not acknowledged. */
  kill(disk: 'kept' | 'lost'): void {
    this.provider.destroy();
    this.doc.destroy();
    if (disk === 'kept') return;
    this.#disk.length = 0;
    for (const { deed } of this.#open) if (deed.state === 'sent') deed.state = 'lost';
  }

  texts(): Map<string, string> {
    return textsOf(this.doc);
  }

  #settings(): Map<string, string> {
    const found = new Map<string, string>();
    for (const [id, cell] of cellsMap(this.doc))
      for (const [key, value] of (cell as Y.Map<unknown>).get('config') as Y.Map<string>)
        found.set(`${id}.${key}`, value);
    return found;
  }

  #words(): string[] {
    return [...this.texts().values()].flatMap(wordsIn);
  }

  #anyCell(random: Random): CellId | null {
    const ids = [...cellsMap(this.doc).keys()].sort();
    return (ids[random(Math.max(1, ids.length))] as CellId | undefined) ?? null;
  }
}

/** The text of every cell, those in the bin too. */
export function textsOf(doc: Y.Doc): Map<string, string> {
  return new Map([...cellsMap(doc).keys()].map((id) => [id, sourceText(doc, id as CellId)?.toString() ?? '']));
}
