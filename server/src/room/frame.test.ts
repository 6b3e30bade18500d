import fc from 'fast-check';
import { Fault } from '@datacraft/shared';
import { Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { describe, expect, it } from 'vitest';
import { frames, readFrame, readPresence, writePresence } from './frame.ts';

describe('readFrame', () => {
  it('reads what the frames say', () => {
    const bytes = Uint8Array.from({ length: 300 }, (_, index) => index % 256);
    expect(readFrame(frames.update(bytes))).toEqual({ kind: 'update', bytes });
    expect(readFrame(frames.syncStep2(bytes))).toEqual({ kind: 'state', bytes });
    expect(readFrame(frames.stateVector(bytes))).toEqual({ kind: 'state-vector', bytes });
    expect(readFrame(frames.awareness(bytes))).toEqual({ kind: 'awareness', bytes });
  });

  it('answers or throws a fault for any bytes, and nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        try {
          readFrame(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(Fault);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('refuses an update that claims 2^53 bytes', () => {
    const claim = Uint8Array.from([0, 2, 255, 255, 255, 255, 255, 255, 255, 15, 1]);
    expect(() => readFrame(claim)).toThrow(/announces|too large/);
  });
});

describe('presence on the wire', () => {
  it('is what y-protocols writes, both ways', () => {
    const awareness = new Awareness(new Y.Doc());
    awareness.setLocalState({ user: { name: 'Ana ação' } });
    const update = encodeAwarenessUpdate(awareness, [awareness.clientID]);
    expect(writePresence(readPresence(update))).toEqual(update);
    awareness.destroy();
  });
});
