import type { Bench } from './bench.ts';
import { spreadOf } from './pairs.ts';
import { openingFigures } from './sync/opening.ts';
import type { Outcome } from './sync/load.ts';
import { putLoad } from './sync/load.ts';
import type { LoadedServer, ServerKind } from './sync/server-process.ts';
import { startLoaded } from './sync/server-process.ts';

const KINDS: readonly ServerKind[] = ['datacraft', 'hocuspocus', 'y-websocket'];
const RATES = [1_000, 3_000];
const CLIENTS = 50;
const SECONDS = 5;
/** y-websocket's server falls behind for minutes at the higher rate. */
const BOUND: Partial<Record<ServerKind, number>> = { 'y-websocket': 1_000 };

/** 50 people in one document: ours with log, accounts and rights beside the bare servers of Hocuspocus and y-websocket. */
export const sync: Bench = {
  goal: 'at most half of the CPU per edit of Hocuspocus, with durability and rights; nothing lost',
  async measure({ pairs, say }) {
    const servers = await Promise.all(KINDS.map(startLoaded));
    const figures: Record<string, number> = {};
    try {
      let document = 0;
      for (const perSecond of RATES) {
        const outcomes = new Map<LoadedServer, Outcome[]>();
        for (let round = 0; round < pairs; round++) {
          const order = round % 2 === 0 ? servers : servers.toReversed();
          for (const server of order) {
            if (perSecond > (BOUND[server.kind] ?? Infinity)) continue;
            const outcome = await putLoad(server, document, { clients: CLIENTS, perSecond, seconds: SECONDS });
            outcomes.set(server, [...(outcomes.get(server) ?? []), outcome]);
            say(`${server.kind} at ${perSecond}/s: ${JSON.stringify(outcome)}`);
          }
          document += 1;
        }
        for (const [server, all] of outcomes) Object.assign(figures, figuresOf(`${server.kind}, ${perSecond}/s`, all));
        const ratios = (outcomes.get(ofKind(servers, 'datacraft')) ?? []).map(
          (own, round) =>
            own.cpuMsPerEdit / (outcomes.get(ofKind(servers, 'hocuspocus'))?.[round]?.cpuMsPerEdit ?? NaN),
        );
        figures[`CPU per edit over that of hocuspocus, ${perSecond}/s: median ratio`] = spreadOf(ratios).median;
        figures[`CPU per edit over that of hocuspocus, ${perSecond}/s: worst ratio`] = spreadOf(ratios).max;
      }
      Object.assign(figures, await openingFigures(say));
    } finally {
      await Promise.all(servers.map((server) => server.stop()));
    }
    return { facts: { clients: CLIENTS, seconds: SECONDS, rounds: pairs }, comparisons: [], figures };
  },
};

function ofKind(servers: readonly LoadedServer[], kind: ServerKind): LoadedServer {
  const found = servers.find((server) => server.kind === kind);
  if (!found) throw new Error(`there is no server ${kind}`);
  return found;
}

function figuresOf(what: string, outcomes: readonly Outcome[]): Record<string, number> {
  const median = (pick: (outcome: Outcome) => number) => spreadOf(outcomes.map(pick)).median;
  return {
    [`${what}, delivered: worst %`]: 100 * spreadOf(outcomes.map((one) => one.deliveredShare)).min,
    [`${what}, p50: median ms`]: median((one) => one.p50Ms),
    [`${what}, p99: median ms`]: median((one) => one.p99Ms),
    [`${what}, server CPU per edit: median ms`]: median((one) => one.cpuMsPerEdit),
  };
}
