import * as Y from 'yjs';

/** Edits of one text typed by a person over weeks, in the proportions of the trace that CRDTs are compared by. */
const EDITS = 259_778;
const SHARE_OF_DELETES = 0.298;

/**
 * Character by character: runs of typing, corrections behind the cursor, and now and then a jump to another place.
 * Seeded; answers every update as its editor would send it.
 */
export function typedTrace(seed: number): { doc: Y.Doc; updates: Uint8Array[] } {
  const doc = new Y.Doc();
  doc.clientID = 1;
  const text = doc.getText('t');
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  let state = seed;
  const random = () => (state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff) / 0x80000000;
  let cursor = 0;
  let erasing = false;
  for (let edit = 0; edit < EDITS; edit++) {
    if (random() < 0.01) cursor = Math.floor(random() * (text.length + 1));
    if (random() < 0.15) erasing = random() < SHARE_OF_DELETES;
    if (erasing && cursor > 0) {
      cursor -= 1;
      text.delete(cursor, 1);
    } else {
      text.insert(cursor, String.fromCharCode(97 + Math.floor(random() * 26)));
      cursor += 1;
    }
  }
  return { doc, updates };
}
