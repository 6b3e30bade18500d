import { setTimeout as sleep } from 'node:timers/promises';
import { checkShape } from '@datacraft/shared/ydoc';
import type pg from 'pg';
import * as Y from 'yjs';
import { until } from '../../testing/sync-client.ts';
import { Ledger, faultsOf } from './ledger.ts';
import type { Disk, Random } from './tab.ts';
import { Tab, textsOf } from './tab.ts';
import { wholeLog } from './compaction.ts';
import type { World } from './world.ts';

const STEPS = 60;
/** While servers and databases come back, on a machine that does much else. */
const PATIENCE_MS = 120_000;

interface Person {
  readonly name: string;
  readonly disk: Disk;
  tab: Tab;
}

export function randomOf(seed: number): Random {
  let state = Math.imul(seed, 0x9e3779b1) | 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

export interface Course {
  /** All are there and begin to edit. */
  readonly begun: () => void;
  /** Resolves when the server and the database are left alone: then they are judged. */
  readonly calm: Promise<void>;
}

/** 3 to 5 people on one notebook, with everything that goes wrong on their side; answers what does not hold (I2). */
export async function tortureRun(world: World, seed: number, { begun, calm }: Course): Promise<string[]> {
  const random = randomOf(seed);
  const notebookId = await world.createNotebook(`Run ${seed}`);
  const ledger = new Ledger();
  const place = { port: world.port, cookie: world.cookie, notebookId };
  const people = Array.from({ length: 3 + random(3) }, (_, n): Person => {
    const disk: Disk = [];
    return { name: `p${n}`, disk, tab: new Tab(`p${n}`, disk, ledger, place) };
  });
  const reopen = (person: Person) => (person.tab = new Tab(person.name, person.disk, ledger, place));
  await until(() => people.every(({ tab }) => tab.provider.synced), PATIENCE_MS);
  begun();
  for (let step = 0; step < STEPS; step++) {
    const person = people[random(people.length)];
    if (person) act(person, random, reopen);
    if (random(3) === 0) await sleep(random(40));
  }
  for (const { tab } of people) tab.provider.connect();
  await until(() => people.every(({ tab }) => tab.provider.synced && tab.open === 0), PATIENCE_MS);
  await until(() => new Set(people.map(({ tab }) => fingerprintOf(tab.doc))).size === 1, PATIENCE_MS);
  await calm;
  const faults = await judge(world.pool, notebookId, ledger, people);
  for (const { tab } of people) tab.kill('kept');
  return faults;
}

function act(person: Person, random: Random, reopen: (person: Person) => void): void {
  const { tab } = person;
  const choice = random(100);
  if (choice < 45) tab.write(random);
  else if (choice < 50) for (let n = 0; n < 60; n++) tab.write(random);
  else if (choice < 60) tab.addCell(random);
  else if (choice < 66) tab.move(random);
  else if (choice < 72) tab.configure(random);
  else if (choice < 80) tab.undo();
  else if (choice < 85) tab.binOrRestore(random);
  else if (choice < 90) tab.provider.disconnect();
  else if (choice < 95) tab.provider.connect();
  else {
    tab.kill(random(3) === 0 ? 'lost' : 'kept');
    reopen(person);
  }
}

/** The replicas, the log from its start, and each checkpoint with what is left of the log after it. */
async function judge(pool: pg.Pool, notebookId: string, ledger: Ledger, people: readonly Person[]): Promise<string[]> {
  const log = await wholeLog(pool, notebookId);
  const { rows: checkpoints } = await pool.query<{ seq: string; data: Buffer }>(
    'select seq, data from document_checkpoints where notebook_id = $1 order by seq',
    [notebookId],
  );
  const replayed = docOf(log.map((row) => row.data));
  const faults = faultsOf(ledger, textsOf(replayed));
  const shortened = checkpoints.map(({ seq, data }) => {
    const later = log.filter((row) => row.kept && row.seq > BigInt(seq));
    return [`the checkpoint at ${seq}`, docOf([data, ...later.map((row) => row.data)])] as const;
  });
  const copies = [...people.map(({ tab, name }) => [name, tab.doc] as const), ...shortened];
  for (const [name, doc] of copies)
    if (fingerprintOf(doc) !== fingerprintOf(replayed)) faults.push(`${name} differs from the log`);
  for (const { path, message } of checkShape(replayed)) faults.push(`${path.join('.')}: ${message}`);
  return faults;
}

function docOf(updates: readonly Uint8Array[]): Y.Doc {
  const doc = new Y.Doc();
  for (const update of updates) Y.applyUpdate(doc, update);
  return doc;
}

/** Equal when content and history are. */
function fingerprintOf(doc: Y.Doc): string {
  const vector = [...Y.decodeStateVector(Y.encodeStateVector(doc))].sort(([a], [b]) => a - b);
  return JSON.stringify([vector, inOrder(doc.getMap('cells').toJSON()), inOrder(doc.getMap('notebook').toJSON())]);
}

/** Replicas keep the keys of a map in the order they heard of them. */
function inOrder(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, one]) => [key, inOrder(one)]);
}
