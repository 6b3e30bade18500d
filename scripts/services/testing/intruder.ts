import { setTimeout as sleep } from 'node:timers/promises';
import type { Kafka } from 'kafkajs';
import { withAdmin } from './topic.ts';

const LOOKS = 600;

interface Intruder {
  /** How often it came in. */
  readonly joins: number;
  /** Joins the group of the runner that reads now, which gives partitions away and gets them back after `stayMs`. */
  join(stayMs: number): Promise<void>;
  /** The groups of now are of runners that are about to be killed. */
  forget(): Promise<void>;
}

/** Another member of the group of a stream, which takes messages from it and keeps none. */
export function intruderOf(kafka: Kafka, topic: string): Intruder {
  const gone = new Set<string>();
  let joins = 0;
  const groups = async () => {
    // Right after its start a broker does not know its groups yet.
    const all = await again(() => withAdmin(kafka, (admin) => admin.listGroups()));
    return all.groups.map(({ groupId }) => groupId).filter((id) => id.startsWith('datacraft-') && !gone.has(id));
  };
  return {
    get joins() {
      return joins;
    },
    async join(stayMs) {
      const groupId = await again(async () => firstOf(await groups()));
      const consumer = kafka.consumer({ groupId, allowAutoTopicCreation: false });
      await consumer.connect();
      await consumer.subscribe({ topic });
      await consumer.run({ autoCommit: false, eachBatch: () => Promise.resolve() });
      joins += 1;
      await sleep(stayMs);
      await consumer.disconnect();
    },
    async forget() {
      for (const id of await groups()) gone.add(id);
    },
  };
}

function firstOf(groups: readonly string[]): string {
  const [found] = groups;
  if (found === undefined) throw new Error('no runner has joined a group');
  return found;
}

async function again<Found>(look: () => Promise<Found>, left = LOOKS): Promise<Found> {
  try {
    return await look();
  } catch (error) {
    if (left === 0) throw error;
    await sleep(100);
    return again(look, left - 1);
  }
}
