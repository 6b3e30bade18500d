/** Opens the database of a data folder and closes it when its parent says so: `fork(…, [DATA_DIR])`. */
import { openDatabase } from '../database/index.ts';

const database = await openDatabase({ dataDir: process.argv[2] ?? '', databaseUrl: null });
process.on('message', () => void database.close().then(() => process.exit(0)));
process.send?.({ url: database.url });
