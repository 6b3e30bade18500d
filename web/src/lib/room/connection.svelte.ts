/**
 * A notebook's document on the wire: Y.Doc, the stock y-websocket protocol with durable acks, and a copy on this
 * machine so that edits made offline survive a closed tab.
 *
 * R1 "Saved" is said only after the server's log has the last edit of this page (`messageDurable`, `ack=1`).
 * R2 The document is never filled from anything but updates: a fresh page starts empty and hears the rest.
 * R3 Counts are per socket, as the server counts: what a lost socket had not confirmed is an offline edit from then on.
 *
 * Not here: what cells mean (notebook/), results and runs.
 */
import { messageDurable } from '@datacraft/shared';
import { cellsChangedBy } from '@datacraft/shared/ydoc';
import * as decoding from 'lib0/decoding';
import { readAuthMessage } from 'y-protocols/auth';
import type { Awareness } from 'y-protocols/awareness';
import { messageYjsUpdate } from 'y-protocols/sync';
import { messageAuth, messageAwareness, messageSync, WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { Arrivals, browserTurn } from './arrivals.ts';
import { Carets } from './carets.ts';
import { LocalCopy } from './local-copy.ts';
import { Rhythm } from './rhythm.ts';
import { browserTabs } from './tabs.ts';
import { Unsaved } from './unsaved.svelte.ts';

export type Link = 'connecting' | 'connected' | 'offline';

export class RoomConnection {
  readonly doc = new Y.Doc();
  readonly awareness: Awareness;
  readonly carets: Carets;
  /** Of who types on this page. */
  readonly rhythm = new Rhythm();
  link = $state<Link>('connecting');
  savedAt = $state.raw<Date | null>(null);
  /** The document is here, from this machine or from the server. */
  ready = $state(false);
  /** The code with which the server closed the socket for good. */
  refused = $state<number | null>(null);
  /** Edits of this page that the server would not take. */
  denied = $state(0);
  #destroyed = false;
  #sent = $state(0);
  #stored = $state(0);
  #offline = $state(0);
  /** Which message of this socket carries everything that was kept offline; null before it was sent. */
  #wholeAt: number | null = null;
  /** Edits of this page that the server has not confirmed. */
  readonly pending = $derived(this.#offline + this.#sent - this.#stored);

  readonly unsaved: Unsaved;

  readonly #provider: WebsocketProvider;
  readonly #arrivals: Arrivals;
  readonly #local: LocalCopy | null;

  /** `personId` null is a guest: of what is shown by a link nothing stays on their machine. */
  constructor(notebookId: string, personId: string | null) {
    const key = personId === null ? null : `datacraft/${personId}/${notebookId}`;
    const tabs = browserTabs(() => window.crypto.getRandomValues(new Uint32Array(2)).join('-'), navigator.locks);
    const whenFree = (work: () => void): void => this.rhythm.whenFree(work);
    this.unsaved = new Unsaved(window.localStorage, key && `${key}/unsaved`, tabs, whenFree);
    // One copy per person: a shared browser must not show one account's offline edits to another.
    this.#local = key === null ? null : new LocalCopy(key, this.doc, whenFree);
    this.#local?.whenRead(() => {
      if (this.doc.getMap('cells').size > 0) this.ready = true;
    });
    const origin = window.location.origin.replace(/^http/, 'ws');
    // Other tabs hear through the server alone: a tab must not pass on what was never accepted.
    this.#provider = new WebsocketProvider(`${origin}/sync`, notebookId, this.doc, {
      params: { ack: '1' },
      disableBc: true,
      connect: false,
    });
    this.awareness = this.#provider.awareness;
    this.carets = new Carets(this.awareness);
    this.#arrivals = new Arrivals(this.awareness, this.#provider, browserTurn(this.rhythm));
    this.#gatherArrivals();
    this.#provider.messageHandlers[messageDurable] = (_encoder, decoder) =>
      this.#onDurable(decoding.readVarUint(decoder));
    this.#provider.messageHandlers[messageAuth] = (_encoder, decoder, provider) =>
      readAuthMessage(decoder, provider.doc, () => (this.denied += 1));
    this.#provider.on('status', ({ status }) => this.#onStatus(status));
    this.#provider.on('sync', (synced: boolean) => {
      if (synced) this.ready = true;
    });
    this.#provider.on('connection-close', (event: CloseEvent | null) => {
      // A line that never stood tells no status of its own.
      if (this.link === 'connecting') this.link = 'offline';
      if (event && event.code >= 4400 && event.code < 4500) this.#refuse(event.code);
    });
    this.doc.on('afterTransaction', (transaction: Y.Transaction) => {
      const { origin, local, changed, changedParentTypes } = transaction;
      if (!local || changed.size === 0 || this.#local?.isOrigin(origin)) return;
      this.unsaved.add(cellsChangedBy(this.doc, changedParentTypes as never), new Date().toISOString());
    });
    this.doc.on('update', (_update: Uint8Array, source: unknown) => {
      const isOwn = source !== this.#provider && !this.#local?.isOrigin(source);
      if (isOwn && this.link !== 'connected') this.#offline += 1;
    });
    window.addEventListener('keydown', this.#onKey, { capture: true, passive: true });
    window.addEventListener('pagehide', this.#keep);
    document.addEventListener('visibilitychange', this.#keep);
    void this.#begin();
  }

  /** Edits of a page that is gone, confirmed by no server, go out with the first message of this one. */
  async #begin(): Promise<void> {
    this.#offline += await this.unsaved.adopt().catch(() => 0); // a list that cannot be read hides no edit
    if (!this.#destroyed) this.#provider.connect();
  }

  destroy(): void {
    this.#destroyed = true;
    window.removeEventListener('keydown', this.#onKey, { capture: true });
    window.removeEventListener('pagehide', this.#keep);
    document.removeEventListener('visibilitychange', this.#keep);
    this.#keep();
    this.rhythm.stop();
    this.unsaved.destroy();
    this.carets.destroy();
    this.#arrivals.destroy();
    this.#provider.destroy();
    void this.#local?.destroy();
    this.doc.destroy();
  }

  /** A page that is left may be gone before the next moment that is free. */
  readonly #keep = (): void => {
    this.unsaved.keep();
    this.#local?.flush();
  };

  readonly #onKey = (): void => this.rhythm.key();

  #onStatus(status: 'connected' | 'disconnected' | 'connecting'): void {
    if (status === 'connecting') return;
    if (status === 'connected') {
      this.#count(this.#provider.ws);
      this.link = 'connected';
      return;
    }
    this.#arrivals.take();
    this.#offline += this.#sent - this.#stored;
    this.#sent = this.#stored = 0;
    this.#wholeAt = null;
    this.link = 'offline';
  }

  /** Edits and presence go through `arrivals`; what else the server says about the document finds them in it. */
  #gatherArrivals(): void {
    const { messageHandlers } = this.#provider;
    const readSync = messageHandlers[messageSync];
    messageHandlers[messageSync] = (encoder, decoder, ...rest) => {
      if (decoding.peekVarUint(decoder) !== messageYjsUpdate) {
        this.#arrivals.take();
        return readSync?.(encoder, decoder, ...rest);
      }
      decoding.readVarUint(decoder);
      this.#arrivals.edit(decoding.readVarUint8Array(decoder));
    };
    messageHandlers[messageAwareness] = (_encoder, decoder) =>
      this.#arrivals.presence(decoding.readVarUint8Array(decoder));
  }

  /** The provider has no hook for what it sends; the socket is the one place all of it passes. */
  #count(socket: WebSocket | null): void {
    if (!socket) return;
    const send = socket.send.bind(socket);
    socket.send = (data) => {
      if (data instanceof Uint8Array && data[0] === 0 && (data[1] === 1 || data[1] === 2)) {
        this.#sent += 1;
        if (data[1] === 1) this.#wholeAt ??= this.#sent;
      }
      send(data);
    };
  }

  /** The answer to the server's state carries all that was kept offline; an edit typed meanwhile may go before it. */
  #onDurable(count: number): void {
    this.#stored = count;
    if (this.#wholeAt !== null && count >= this.#wholeAt) this.#offline = 0;
    if (this.pending > 0) return;
    this.savedAt = new Date();
    this.unsaved.clear();
  }

  #refuse(code: number): void {
    this.refused = code;
    this.#provider.disconnect();
  }
}
