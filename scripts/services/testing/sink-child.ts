/** Sends one state of a sink: `brokers topic state count`. Nothing when the topic has it already. */
import { openKafkaSink } from '../../../engine/src/source/kafka/sink/sink.ts';

const [brokers = '', topic = '', state = '', count = ''] = process.argv.slice(2);
const refuse = (name: string) => Promise.reject(new Error(`no ${name}`));
const connection = () => Promise.resolve({ type: 'kafka', config: { brokers } });
const remote = { allowedHosts: ['127.0.0.1'], secret: refuse, connection };

async function* batches() {
  for (let from = 0; from < Number(count); from += 500) {
    const messages = Array.from({ length: 500 }, (_, at) => ({ value: `${state}:${from + at}` }));
    yield await Promise.resolve(messages);
  }
}

const sink = await openKafkaSink({ connection: 'broker', topic, id: `test ${topic}` }, remote);
if (sink.last?.snapshotId !== state) await sink.commit(batches(), { snapshotId: state });
await sink.close();
