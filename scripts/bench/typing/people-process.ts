/**
 * Fifty people in a process of their own, each with a stock provider over a socket and an account:
 * `node people-process.ts ORIGIN NOTEBOOK`, the cookies by message. Types while it is told to; answers when each key was sent.
 */
import { readNotebook, sourceText } from '@datacraft/shared/ydoc';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { cellNameOf, markOf } from './notebook.ts';

/** Two hundred characters a minute, unevenly. */
const KEY_MS = 300;

interface Typist {
  readonly provider: WebsocketProvider;
  readonly text: Y.Text;
  readonly mark: string;
  readonly cellId: string;
  readonly sentAt: number[];
}

const [origin = '', notebookId = ''] = process.argv.slice(2);
const typists: Typist[] = [];
let typing = false;
process.setMaxListeners(0); // each provider hears of the process's end

process.on('message', (message: { cookies?: string[]; type?: boolean }) => {
  if (message.cookies) void enter(message.cookies).then(() => process.send?.({ entered: typists.length }));
  else if (message.type === true) begin();
  else {
    typing = false;
    process.send?.({ sentAt: typists.map(({ sentAt }) => sentAt) });
  }
});

process.on('disconnect', () => process.exit(0));

async function enter(cookies: readonly string[]): Promise<void> {
  for (const [person, cookie] of cookies.entries()) typists.push(await join(person, cookie));
}

async function join(person: number, cookie: string): Promise<Typist> {
  class Socket extends WebSocket {
    constructor(url: string) {
      super(url, { headers: { cookie, origin } });
    }
  }
  const doc = new Y.Doc();
  const provider = new WebsocketProvider(`${origin.replace(/^http/, 'ws')}/sync`, notebookId, doc, {
    WebSocketPolyfill: Socket as unknown as typeof globalThis.WebSocket,
    disableBc: true,
  });
  await new Promise<void>((done) => provider.on('sync', (synced) => synced && done()));
  const cell = readNotebook(doc).cells.find(({ name }) => name === cellNameOf(person));
  const text = cell && sourceText(doc, cell.id);
  if (!cell || !text) throw new Error(`there is no cell ${cellNameOf(person)}`);
  const name = `Person ${person}`;
  provider.awareness.setLocalState({
    user: { id: name, name, colorIndex: person % 8, color: 'gray' },
    cellId: cell.id,
  });
  return { provider, text, mark: `${markOf(person)}=`, cellId: cell.id, sentAt: [] };
}

function begin(): void {
  typing = true;
  for (const [person, typist] of typists.entries()) setTimeout(() => press(typist, person), (person * KEY_MS) / 50);
}

/** One character at the end of one's own line, and the caret behind it: what an editor sends for a key. */
function press(typist: Typist, random: number): void {
  if (!typing) return;
  const { text, mark, provider, sentAt } = typist;
  const at = text.toString().indexOf(mark) + mark.length + sentAt.length;
  sentAt.push(performance.timeOrigin + performance.now());
  text.insert(at, 'abcdefghijklmnopqrstuvwxyz'.charAt(random % 26));
  const caret = Y.createRelativePositionFromTypeIndex(text, at + 1);
  provider.awareness.setLocalStateField('cursor', { anchor: caret, head: caret });
  const next = (random * 48_271 + 11) % 2_147_483_647;
  setTimeout(() => press(typist, next), KEY_MS * (0.5 + next / 2_147_483_647));
}
