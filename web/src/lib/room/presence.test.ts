import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from 'y-protocols/awareness';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { Presence } from './presence.svelte.ts';

describe('who is in a notebook', () => {
  it('P1 stays the same object while carets move, and changes with who is where', () => {
    const [mine, theirs] = [new Awareness(new Y.Doc()), new Awareness(new Y.Doc())];
    const presence = new Presence(mine, { id: 'me', name: 'Ana', color: 1 });
    const tell = () => applyAwarenessUpdate(mine, encodeAwarenessUpdate(theirs, [theirs.clientID]), 'test');
    theirs.setLocalState({ user: { id: 'you', name: 'Bo', colorIndex: 2 }, cellId: 'c1' });
    tell();
    const [people, on] = [presence.people, presence.on('c1')];
    expect(on.map((person) => person.name)).toEqual(['Bo']);
    theirs.setLocalStateField('cursor', { anchor: 1, head: 1 });
    tell();
    expect(presence.people).toBe(people);
    expect(presence.on('c1')).toBe(on);
    theirs.setLocalStateField('cellId', 'c2');
    tell();
    expect([presence.on('c1').length, presence.on('c2').length, presence.people.length]).toEqual([0, 1, 2]);
    theirs.setLocalStateField('view', 'graph');
    tell();
    expect(presence.people.map(({ view }) => view)).toEqual(['notebook', 'graph']);
    theirs.setLocalState(null);
    tell();
    expect([presence.on('c2').length, presence.people.length]).toEqual([0, 1]);
    mine.destroy();
    theirs.destroy();
  });
});
