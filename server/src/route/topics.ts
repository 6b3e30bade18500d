/** Topics of a Kafka connection, and the last messages of one as they come. For who may use connections. */
import { createRoute, z } from '@hono/zod-openapi';
import { listTopics, tailTopic } from '@datacraft/engine';
import type { KafkaTopic } from '@datacraft/shared';
import { Fault, isFault, say } from '@datacraft/shared';
import { streamSSE } from 'hono/streaming';
import type { Deps } from '../deps.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { loadConnection } from '../secret/connections.ts';
import { createRemoteAccess } from '../secret/remote-access.ts';
import { jsonAnswer, newRoutes, problems } from './answer.ts';

const tags = ['Connections'];
const name = z.string().regex(/^[a-z][a-z0-9_]{0,62}$/, 'expected the name of a connection');
const topic = z.string().regex(/^[A-Za-z0-9._-]{1,249}$/, 'expected the name of a topic');
const topicSchema = z.custom<KafkaTopic>().openapi('KafkaTopic', { type: 'object' });
const TAIL_MS = 10 * 60_000;
const PING_MS = 10_000;

const paths = {
  topics: createRoute({
    method: 'get',
    path: '/connections/{name}/topics',
    tags,
    summary: 'Topics of a Kafka connection with their partitions and how many messages each holds (editor)',
    request: { params: z.object({ name }) },
    responses: { 200: jsonAnswer('Topics', z.array(topicSchema)), ...problems },
  }),
  tail: createRoute({
    method: 'get',
    path: '/connections/{name}/topics/{topic}/tail',
    tags,
    summary: 'The last messages of a topic and each that comes, as server-sent events, for ten minutes (editor)',
    request: {
      params: z.object({ name, topic }),
      query: z.object({ last: z.coerce.number().int().min(0).max(1_000).default(20) }),
    },
    responses: {
      200: { description: 'messages, problem, ping', content: { 'text/event-stream': { schema: { type: 'string' } } } },
      ...problems,
    },
  }),
};

export function topicRoutes(deps: Deps) {
  const remote = createRemoteAccess(deps.config, deps.pool);
  const demandKafka = async (asked: string) => {
    const { type } = await loadConnection(deps.pool, asked);
    if (type !== 'kafka')
      throw new Fault(
        'bad-request',
        say('the connection {asked} is of type {type}; kafka has topics', { asked, type }),
      );
  };
  return newRoutes()
    .openapi(paths.topics, async (c) => {
      principalOf(c, 'editor');
      const { name: asked } = c.req.valid('param');
      await demandKafka(asked);
      return c.json(await listTopics(asked, remote), 200);
    })
    .openapi(paths.tail, async (c) => {
      const by = principalOf(c, 'editor');
      const params = c.req.valid('param');
      const { last } = c.req.valid('query');
      await demandKafka(params.name);
      c.header('x-accel-buffering', 'no');
      return streamSSE(c, async (stream) => {
        const left = new AbortController();
        stream.onAbort(() => left.abort());
        const stops = [
          deps.bus.subscribe('users', ({ userId }) => (userId === by.userId ? left.abort() : undefined)),
          deps.live.onStop(() => left.abort()),
        ];
        const ping = setInterval(() => void stream.writeSSE({ event: 'ping', data: '{}' }), PING_MS);
        const signal = AbortSignal.any([left.signal, AbortSignal.timeout(TAIL_MS)]);
        const onMessages = (messages: unknown) =>
          stream.writeSSE({ event: 'messages', data: JSON.stringify(messages) });
        try {
          await stream.writeSSE({ event: 'ping', data: '{}' });
          await tailTopic({ connection: params.name, topic: params.topic, last, signal, onMessages }, remote);
        } catch (error) {
          if (!isFault(error)) throw error;
          await stream.writeSSE({
            event: 'problem',
            data: JSON.stringify({ code: error.code, message: error.message, said: error.said }),
          });
        } finally {
          clearInterval(ping);
          for (const stop of stops) stop();
        }
      });
    });
}
