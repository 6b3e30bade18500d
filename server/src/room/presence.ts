import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate, removeAwarenessStates } from 'y-protocols/awareness';
import type * as Y from 'yjs';
import type { PresenceEntry } from './frame.ts';
import { readPresence, writePresence } from './frame.ts';

/**
 * Who is in a room. Stock clients also repeat what they heard of others, so a foreign entry is no attack by itself: it
 * is dropped. A client id belongs to the socket that first speaks for it, until that socket leaves.
 */
export interface Presence {
  /** Takes what `peer` may say; answers of whom there is news, and whether it tried to say more than it may. */
  receive(peer: PresencePeer, bytes: Uint8Array): { news: readonly number[]; spoofed: boolean };
  /** Forgets the ids of a peer that left; answers those that are gone. */
  leave(peer: PresencePeer): readonly number[];
  /** How these are now. */
  of(ids: readonly number[]): Uint8Array;
  everybody(): Uint8Array | null;
  destroy(): void;
}

export interface PresencePeer {
  readonly account: () => { id: string; name: string };
}

const MAX_IDS = 16;
const MAX_STATE_CHARS = 16_384;

export function createPresence(doc: Y.Doc): Presence {
  const awareness = new Awareness(doc);
  awareness.setLocalState(null);
  const owners = new Map<number, PresencePeer>();
  const idsOf = (peer: PresencePeer) => [...owners].filter(([, owner]) => owner === peer).map(([id]) => id);
  return {
    receive(peer, bytes) {
      const entries = readPresence(bytes);
      const spoofed = entries.some((entry) => isSpoof(awareness, owners.get(entry.clientId), peer, entry));
      const allowed = entries
        .filter((entry) => mayClaim(awareness, owners, peer, entry, idsOf))
        .map((entry) => vouched(entry, peer));
      for (const entry of allowed) owners.set(entry.clientId, peer);
      if (allowed.length > 0) applyAwarenessUpdate(awareness, writePresence(allowed), peer);
      // A first word with clock 0 is taken by nobody, as the protocol has it.
      const news = allowed.map((entry) => entry.clientId).filter((id) => awareness.meta.has(id));
      return { news, spoofed };
    },
    leave(peer) {
      const ids = idsOf(peer);
      for (const id of ids) owners.delete(id);
      const present = ids.filter((id) => awareness.getStates().has(id));
      removeAwarenessStates(awareness, present, 'left');
      return present;
    },
    of: (ids) => encodeAwarenessUpdate(awareness, [...ids]),
    everybody() {
      const ids = [...awareness.getStates().keys()];
      return ids.length === 0 ? null : encodeAwarenessUpdate(awareness, ids);
    },
    destroy: () => awareness.destroy(),
  };
}

/** News of somebody else: an echo repeats a clock that is known. */
function isSpoof(
  awareness: Awareness,
  owner: PresencePeer | undefined,
  peer: PresencePeer,
  entry: PresenceEntry,
): boolean {
  if (owner === undefined || owner === peer) return false;
  return entry.clock > (awareness.meta.get(entry.clientId)?.clock ?? -1);
}

function mayClaim(
  awareness: Awareness,
  owners: ReadonlyMap<number, PresencePeer>,
  peer: PresencePeer,
  entry: PresenceEntry,
  idsOf: (peer: PresencePeer) => number[],
): boolean {
  if (entry.state.length > MAX_STATE_CHARS) return false;
  const owner = owners.get(entry.clientId);
  if (owner !== undefined) return owner === peer;
  const isNews = entry.clock > (awareness.meta.get(entry.clientId)?.clock ?? -1);
  return isNews && entry.state !== 'null' && idsOf(peer).length < MAX_IDS;
}

/** The state with the account the server knows, under `account`; what the peer says about itself stays beside it. */
function vouched(entry: PresenceEntry, peer: PresencePeer): PresenceEntry {
  const state: unknown = JSON.parse(entry.state);
  if (typeof state !== 'object' || state === null || Array.isArray(state)) return { ...entry, state: 'null' };
  return { ...entry, state: JSON.stringify({ ...state, account: peer.account() }) };
}
