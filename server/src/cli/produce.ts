import { readFile } from 'node:fs/promises';
import { produceFile } from '@datacraft/engine';
import type { RemoteAccess } from '@datacraft/engine';
import { Fault } from '@datacraft/shared';
import { loadConfig } from '../config.ts';
import { readArguments } from './arguments.ts';
import { auditCommand } from './audit-command.ts';
import type { Output } from './output.ts';
import { exitCodes } from './output.ts';
import { openWorkspace } from './workspace.ts';

/** What `--brokers` is called among connections, whose names have no space. */
const GIVEN = 'given here';

/** `datacraft produce FILE --topic T`: its records to a Kafka topic, in one transaction, each once however often it is asked. */
export async function produce(args: readonly string[], output: Output): Promise<number> {
  const read = readArguments(args, {
    topic: { type: 'string' },
    brokers: { type: 'string' },
    registry: { type: 'string' },
    connection: { type: 'string' },
    key: { type: 'string' },
    schema: { type: 'string' },
    json: { type: 'boolean' },
    'data-dir': { type: 'string' },
  });
  const [path, ...more] = read.positionals;
  const topic = read.text('topic');
  const [brokers, connection, schema] = [read.text('brokers'), read.text('connection'), read.text('schema')];
  if (
    path === undefined ||
    topic === undefined ||
    more.length > 0 ||
    (brokers === undefined) === (connection === undefined)
  )
    throw new Fault(
      'bad-request',
      'produce takes a file, a topic, and brokers or a stored connection; "datacraft produce events.avro --topic events --brokers 127.0.0.1:9092"',
    );
  const config = loadConfig(process.env, { dataDir: read.text('data-dir') });
  const workspace = await openWorkspace(config);
  try {
    const given = brokers === undefined ? null : { brokers, registry: read.text('registry') };
    const file = {
      path,
      topic,
      connection: connection ?? GIVEN,
      key: read.text('key') ?? null,
      schema: schema === undefined ? null : await readFile(schema, 'utf8'),
    };
    const done = await produceFile(file, remoteFor(workspace.deps.remote, given));
    await auditCommand(workspace.pool, 'stream-produce', topic, { messages: done.messages });
    output.out(read.flag('json') ? JSON.stringify(done) : said(done, topic));
    return exitCodes.done;
  } finally {
    await workspace.close();
  }
}

/** Who names brokers on the command line may reach them. */
function remoteFor(
  remote: RemoteAccess | undefined,
  given: { readonly brokers: string; readonly registry: string | undefined } | null,
): RemoteAccess {
  if (remote === undefined) throw new Error('a workspace reaches the outside');
  if (given === null) return remote;
  const { brokers, registry } = given;
  const hosts = brokers.split(',').map((broker) => broker.trim().replace(/:\d+$/, ''));
  const named = registry === undefined ? [] : [new URL(registry).hostname];
  const config = { brokers, ...(registry === undefined ? {} : { registry }) };
  return {
    ...remote,
    allowedHosts: [...(remote.allowedHosts ?? []), ...hosts, ...named],
    connection: (name) => (name === GIVEN ? Promise.resolve({ type: 'kafka', config }) : remote.connection(name)),
  };
}

function said({ messages, isKnown, registered }: Awaited<ReturnType<typeof produceFile>>, topic: string): string {
  const schema = registered === null ? '' : `, schema ${registered.id} of ${registered.subject}`;
  return isKnown
    ? `${topic} has this file already: nothing was sent${schema}`
    : `${messages} messages sent to ${topic}${schema}`;
}
