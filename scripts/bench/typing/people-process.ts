/**
 * Fifty people in a process of their own, each with a socket and an account: `node people-process.ts ORIGIN NOTEBOOK`,
 * the cookies by message. Types while it is told to; answers when each key was sent.
 *
 * One asks for acknowledgements: the server sends them right after it told the others, so that its own part of the way
 * is known.
 *
 * All fifty are told everything that the server tells, as stock clients are, and each edits under an id of its own. But
 * one alone reads it, into the document in which all of them type: what fifty people's own machines would do must not be
 * done by the one that is measured.
 */
import { messageDurable } from '@datacraft/shared';
import { readNotebook, sourceText } from '@datacraft/shared/ydoc';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { messageYjsSyncStep2, readSyncMessage, writeSyncStep1, writeUpdate } from 'y-protocols/sync';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { cellNameOf, markOf } from './notebook.ts';

/** Two hundred characters a minute, unevenly. */
const KEY_MS = 300;
const [SYNC, AWARENESS] = [0, 1];
/** Who asks for acknowledgements; not the one who reads. */
const ACKED = 1;

interface Typist {
  readonly socket: WebSocket;
  readonly clientId: number;
  readonly text: Y.Text;
  readonly mark: string;
  readonly cellId: string;
  readonly name: string;
  readonly sentAt: number[];
}

const [origin = '', notebookId = ''] = process.argv.slice(2);
const doc = new Y.Doc();
const typists: Typist[] = [];
let typing = false;
let begunAt = 0;
let usedBefore: NodeJS.CpuUsage | undefined;
let framesHeard = 0;
const toldAt: number[] = [];

process.on('message', (message: { cookies?: string[]; type?: boolean }) => {
  if (message.cookies) void enter(message.cookies).then(() => process.send?.({ entered: typists.length }));
  else if (message.type === true) begin();
  else {
    typing = false;
    const { user, system } = process.cpuUsage(usedBefore);
    const peopleShare = (user + system) / 10 / (performance.now() - begunAt);
    const serverMs = toldAt.map((at, nth) => at - (typists[ACKED]?.sentAt[nth] ?? at));
    process.send?.({ sentAt: typists.map(({ sentAt }) => sentAt), peopleShare, framesHeard, serverMs });
  }
});

process.on('disconnect', () => process.exit(0));

async function enter(cookies: readonly string[]): Promise<void> {
  for (const [person, cookie] of cookies.entries()) typists.push(await join(person, cookie));
}

async function join(person: number, cookie: string): Promise<Typist> {
  const url = `${origin.replace(/^http/, 'ws')}/sync/${notebookId}${person === ACKED ? '?ack=1' : ''}`;
  const socket = new WebSocket(url, { headers: { cookie, origin } });
  socket.binaryType = 'nodebuffer';
  const synced = new Promise<void>((done, failed) => {
    socket.on('error', failed);
    socket.on('message', (frame: Buffer) => {
      framesHeard += 1;
      if (frame[0] === SYNC && frame[1] === messageYjsSyncStep2) done();
      if (person === 0) read(socket, frame);
      if (person === ACKED) hearAck(frame);
    });
  });
  await new Promise<void>((done) => socket.on('open', () => done()));
  const asked = encoding.createEncoder();
  encoding.writeVarUint(asked, SYNC);
  writeSyncStep1(asked, doc);
  socket.send(encoding.toUint8Array(asked));
  await synced;
  const cell = readNotebook(doc).cells.find(({ name }) => name === cellNameOf(person));
  const text = cell && sourceText(doc, cell.id);
  if (!cell || !text) throw new Error(`there is no cell ${cellNameOf(person)}`);
  const clientId = 1_000_000 + person;
  const typist = { socket, clientId, text, mark: `${markOf(person)}=`, cellId: cell.id, name: `Person ${person}` };
  const made = { ...typist, sentAt: [] };
  tellPresence(made, null);
  return made;
}

/** The one who reads: edits and the state, into the document of all. */
function read(socket: WebSocket, frame: Buffer): void {
  const decoder = decoding.createDecoder(frame);
  if (decoding.readVarUint(decoder) !== SYNC) return;
  const answer = encoding.createEncoder();
  encoding.writeVarUint(answer, SYNC);
  readSyncMessage(decoder, answer, doc, 'server');
  if (encoding.length(answer) > 1) socket.send(encoding.toUint8Array(answer));
}

function hearAck(frame: Buffer): void {
  const decoder = decoding.createDecoder(frame);
  if (decoding.readVarUint(decoder) !== messageDurable) return;
  const count = decoding.readVarUint(decoder);
  while (toldAt.length < count) toldAt.push(performance.timeOrigin + performance.now());
}

function begin(): void {
  typing = true;
  begunAt = performance.now();
  usedBefore = process.cpuUsage();
  for (const [person, typist] of typists.entries()) setTimeout(() => press(typist, person), (person * KEY_MS) / 50);
}

/** One character at the end of one's own line, and the caret behind it: what an editor sends for a key. */
function press(typist: Typist, random: number): void {
  if (!typing) return;
  const { text, mark, sentAt } = typist;
  const at = text.toString().indexOf(mark) + mark.length + sentAt.length;
  sentAt.push(performance.timeOrigin + performance.now());
  edit(typist, () => text.insert(at, 'abcdefghijklmnopqrstuvwxyz'.charAt(random % 26)));
  tellPresence(typist, Y.createRelativePositionFromTypeIndex(text, at + 1));
  const next = (random * 48_271 + 11) % 2_147_483_647;
  setTimeout(() => press(typist, next), KEY_MS * (0.5 + next / 2_147_483_647));
}

/** Under the id of who does it: their edits are told apart as those of fifty documents are. */
function edit({ socket, clientId }: Typist, work: () => void): void {
  doc.clientID = clientId;
  doc.once('update', (update: Uint8Array) => {
    const frame = encoding.createEncoder();
    encoding.writeVarUint(frame, SYNC);
    writeUpdate(frame, update);
    socket.send(encoding.toUint8Array(frame));
  });
  doc.transact(work);
}

function tellPresence({ socket, clientId, cellId, name, sentAt }: Typist, caret: Y.RelativePosition | null): void {
  const color = 'gray';
  const state = {
    user: { id: name, name, colorIndex: clientId % 8, color },
    cellId,
    ...(caret === null ? {} : { cursor: { anchor: caret, head: caret } }),
  };
  const news = encoding.createEncoder();
  encoding.writeVarUint(news, 1);
  encoding.writeVarUint(news, clientId);
  encoding.writeVarUint(news, sentAt.length + 1);
  encoding.writeVarString(news, JSON.stringify(state));
  const frame = encoding.createEncoder();
  encoding.writeVarUint(frame, AWARENESS);
  encoding.writeVarUint8Array(frame, encoding.toUint8Array(news));
  socket.send(encoding.toUint8Array(frame));
}
