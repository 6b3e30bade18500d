import type { Server } from 'node:http';
import { Agent, createServer, request } from 'node:http';
import type { Duplex } from 'node:stream';
import { duplexPair } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { OnlineFeatures, Queryable, Scorer } from '@datacraft/engine';
import { newId } from '@datacraft/shared';
import { createApp } from '../app.ts';
import type { Principal } from '../auth/principal.ts';
import type { Deps } from '../deps.ts';
import type { ServerEngine } from '../engine.ts';
import { apiListener } from '../listener.ts';
import { createMetrics } from '../metric/registry.ts';
import { scoringRoutes } from '../route/model-scoring.ts';
import { OnlineDatabase } from './online/database-layer.ts';
import type { OnlineLayer } from './online/layer.ts';
import { MemoryLayer } from './online/memory-layer.ts';
import { PredictionLog } from './prediction-log.ts';
import type { Scorers } from './scorers.ts';
import type { ScoringDeps } from './scoring.ts';
import { usualRow } from './warm-up.ts';

/** From about so many on V8 has compiled the way of a request. */
const TIMES = 400;
/** Connections that ask one after another, so that requests of people have their turn between. */
const LANES = 4;

export interface RehearsalDeps {
  readonly deps: Deps;
  readonly engine: ServerEngine;
  readonly scorers: Scorers;
}

/**
 * Asks a model what nobody asked, by the whole way that a request takes, before somebody does: cold, the first hundreds
 * take twice the processor, the database makes connections and plans, and whoever begins with 500 a second would wait
 * for that.
 *
 * H1  Nothing of it is written down, counted, logged or told.
 * H2  Whom it asks as is in no database and comes by no socket: its connections are streams in memory.
 */
export async function rehearse(
  from: RehearsalDeps,
  { name, scorer: { inputs, lookups } }: { readonly name: string; readonly scorer: Scorer },
  signal: AbortSignal,
): Promise<void> {
  const listener = apiListener(createApp(unheard(from.deps), { api: [routesOf(from, usualRow(inputs))] }));
  const server = createServer((question, answer) => void listener(question, answer));
  const lookedUp = new Set(lookups.flatMap(({ features }) => features));
  const row = usualRow(inputs.filter((input) => !lookedUp.has(input.name)));
  const agent = new AgentInMemory(server);
  const ask = async (lane: number) => {
    for (let at = lane; at < TIMES && !signal.aborted; at += LANES) {
      const entity = Object.fromEntries(lookups.flatMap((each) => each.entity.map((field) => [field, at])));
      await post(agent, `/api/v1/models/${name}/predict`, JSON.stringify({ ...entity, ...row }));
    }
  };
  try {
    await Promise.all(Array.from({ length: LANES }, (_, lane) => ask(lane)));
  } finally {
    agent.destroy();
  }
}

/** Its connections are pairs of streams, whose other end a server is given; what is done to sockets does nothing to them. */
class AgentInMemory extends Agent {
  readonly #server: Server;

  constructor(server: Server) {
    super({ keepAlive: true });
    this.#server = server;
  }

  override createConnection(): Duplex {
    const [near, far] = duplexPair();
    this.#server.emit('connection', far);
    const nothing = () => near;
    return Object.assign(near, { ref: nothing, unref: nothing, setKeepAlive: nothing, setTimeout: nothing });
  }
}

function post(agent: Agent, path: string, body: string): Promise<void> {
  const headers = { authorization: 'Bearer rehearsal', 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const sent = request({ method: 'POST', agent, path, headers }, (answer) => {
      text(answer).then((said) => {
        if (answer.statusCode === 200) resolve();
        else reject(new Error(`${answer.statusCode} ${said}`));
      }, reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const nobody: Principal = {
  userId: newId('usr'),
  email: '',
  name: '',
  role: 'owner',
  locale: 'en',
  via: 'token',
  credentialId: 'rehearsal',
};

/** What the door is made of, deaf and mute: it asks who comes, and lets them in whoever they are. */
function unheard(deps: Deps): Deps {
  const stop = () => undefined;
  const identify: Deps['auth']['identify'] = async (credentials) => {
    await deps.auth.identify(credentials);
    return { principal: nobody, cookie: null };
  };
  return {
    ...deps,
    auth: { ...deps.auth, identify },
    bus: { ...deps.bus, publish: () => Promise.resolve(), subscribe: () => stop, onGap: () => stop },
    metrics: createMetrics(),
    log: deps.log.child({}, { level: 'silent' }),
    spans: null,
  };
}

/** The database knows the statement afterwards, and nothing else: no rows come with it, and nothing old is removed. */
function withoutRows(db: Queryable): Queryable {
  return {
    query: (statement) =>
      statement.startsWith('insert') ? db.query(statement, ['[]']) : Promise.resolve({ rows: [], rowCount: 0 }),
  };
}

/** Entities that nobody knows are looked for, and found to be as usual. */
function routesOf({ deps, engine, scorers }: RehearsalDeps, usual: OnlineFeatures['features']) {
  const metrics = createMetrics();
  const online = new MemoryLayer(new OnlineDatabase(engine.run.db), metrics);
  const load: OnlineLayer['load'] = async (relation, entities) => {
    await online.load(relation, entities);
    const at = new Date(deps.now()).toISOString();
    return new Map(entities.map((entity) => [entity, { features: usual, at }]));
  };
  const scoring: ScoringDeps = {
    scorers,
    online: { load },
    log: new PredictionLog(withoutRows(engine.run.db), deps.log, deps.config.predictionDays),
    counter: { add: () => undefined, failed: () => undefined },
    shadow: { offer: () => undefined },
    meter: deps.meter,
    metrics,
    now: deps.now,
  };
  return scoringRoutes(engine, scoring);
}
