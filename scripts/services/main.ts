/** `npm run services -- up kafka redis | down [names] | status | logs kafka | install names | env names`. */
import { services, serviceNamed } from './catalog.ts';
import { down, logOf, peakMemoryMb, readLog, readRunning, up } from './supervise.ts';

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

async function upAll(names: readonly string[]): Promise<void> {
  for (const name of names) {
    const env = await up(name);
    const running = await readRunning(name);
    console.log(`${name}: ${running === null ? 'installed' : `up, pid ${running.pid}, ${seconds(running.startMs)}`}`);
    for (const [key, value] of Object.entries(env)) console.log(`  ${key}=${value}`);
  }
}

async function installAll(names: readonly string[]): Promise<void> {
  for (const name of names) {
    const startedAt = performance.now();
    await serviceNamed(name).install();
    console.log(`${name}: in the cache after ${seconds(performance.now() - startedAt)}`);
  }
}

async function downAll(names: readonly string[]): Promise<void> {
  const all = services.filter((service) => service.kind === 'server').map((service) => service.name);
  for (const name of names.length > 0 ? names : all.reverse()) {
    if ((await readRunning(name)) !== null) console.log(`${name}: stopping`);
    await down(name);
  }
}

async function status(): Promise<void> {
  for (const service of services) {
    const running = await readRunning(service.name);
    const title = `${service.name} ${service.version}`.padEnd(28);
    if (service.kind === 'tool') console.log(`${title} a tool; "install ${service.name}" brings it`);
    else if (running === null) console.log(`${title} down`);
    else {
      const ports = Object.values(running.ports).join(', ');
      const memory = await peakMemoryMb(running.pid);
      console.log(`${title} up on ${ports}, started in ${seconds(running.startMs)}, peak ${memory ?? '?'} MB`);
    }
  }
}

async function logs(names: readonly string[]): Promise<void> {
  for (const name of names) console.log(`── ${logOf(name)}\n${await readLog(serviceNamed(name).name, 100)}`);
}

const actions: Readonly<Record<string, (names: readonly string[]) => Promise<void>>> = {
  up: upAll,
  install: installAll,
  down: downAll,
  status,
  logs,
};

const [word = 'status', ...names] = process.argv.slice(2);
const action = actions[word];
if (action === undefined) {
  console.error(
    `"${word}" is not one of ${Object.keys(actions).join(', ')}. Names: ${services.map((service) => service.name).join(', ')}`,
  );
  process.exit(64);
}
try {
  await action(names);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
