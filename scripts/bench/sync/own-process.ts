/** Our whole server in a process of its own, with its log in PostgreSQL and an account: `node own-process.ts`. */
import { openBenchServer } from '../server.ts';

const server = await openBenchServer();
const importing = '---\ndatacraft: 1\ntitle: bench\n---\n';
process.send?.({
  port: Number(new URL(server.url).port),
  cookie: server.cookie,
  ids: await Promise.all(Array.from({ length: 12 }, () => server.importNotebook(importing))),
});
process.on('message', (message) => {
  if (message === 'stop') void server.close().then(() => process.exit(0));
  else process.send?.({ cpu: process.cpuUsage() });
});
