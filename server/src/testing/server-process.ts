/** A server as a process of its own, for tests that kill it: `node server-process.ts DATA_DIR PORT`. */
import { exitCodeOf, loadConfig } from '../config.ts';
import { startServer } from '../main.ts';

const [, , dataDir, port] = process.argv;
try {
  const server = await startServer(loadConfig(process.env, { dataDir, port }));
  process.on('SIGTERM', () => void server.stop().then(() => process.exit(0)));
  process.stdout.write(`ready ${server.url}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(exitCodeOf(error));
}
