import { Awareness, encodeAwarenessUpdate, applyAwarenessUpdate } from 'y-protocols/awareness';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { Carets } from './carets.ts';

/** A page and somebody else's, with two texts. */
function twoPages() {
  const [mine, theirs] = [new Y.Doc(), new Y.Doc()];
  theirs.getText('a').insert(0, 'one');
  theirs.getText('b').insert(0, 'two');
  Y.applyUpdate(mine, Y.encodeStateAsUpdate(theirs));
  const [here, there] = [new Awareness(mine), new Awareness(theirs)];
  const carets = new Carets(here);
  const heard: string[] = [];
  for (const name of ['a', 'b']) carets.of(mine.getText(name)).on('change', () => heard.push(name));
  const put = (name: string, index: number) => {
    const caret = Y.createRelativePositionFromTypeIndex(theirs.getText(name), index);
    there.setLocalStateField('cursor', { anchor: caret, head: caret });
  };
  const tell = () => applyAwarenessUpdate(here, encodeAwarenessUpdate(there, [theirs.clientID]), 'test');
  const inText = (name: string) => [...carets.of(mine.getText(name)).getStates().keys()];
  return { mine, theirs, there, heard, put, tell, inText };
}

describe('carets of others', () => {
  it('C1 are heard of in the text they are in, and in the one they left', () => {
    const { theirs, there, heard, put, tell, inText } = twoPages();
    put('a', 1);
    tell();
    expect([heard.splice(0), inText('a'), inText('b')]).toEqual([['a'], [theirs.clientID], []]);
    put('b', 1);
    tell();
    expect([heard.splice(0).sort(), inText('a'), inText('b')]).toEqual([['a', 'b'], [], [theirs.clientID]]);
    there.setLocalState(null);
    tell();
    expect([heard.splice(0), inText('b')]).toEqual([['b'], []]);
  });

  it('C2 that came before the text they stand at appear with it', () => {
    const { mine, theirs, heard, put, tell, inText } = twoPages();
    theirs.getText('a').insert(3, ' more');
    put('a', 5);
    tell();
    expect([heard, inText('a')]).toEqual([[], []]);
    Y.applyUpdate(mine, Y.encodeStateAsUpdate(theirs));
    expect([heard.splice(0), inText('a')]).toEqual([['a'], [theirs.clientID]]);
    Y.applyUpdate(mine, Y.encodeStateAsUpdate(theirs));
    expect(heard).toEqual([]);
  });

  it('of a client that says nonsense are nowhere', () => {
    const { there, heard, tell, inText } = twoPages();
    for (const head of [{}, 7, { item: { client: 'x', clock: -1 } }, { tname: 1 }]) {
      there.setLocalStateField('cursor', { anchor: null, head });
      tell();
    }
    expect([heard, inText('a'), inText('b')]).toEqual([[], [], []]);
  });
});
