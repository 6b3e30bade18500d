import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Fault } from '@datacraft/shared';
import type { AuditEntry, Verdict } from '../auth/audit-chain.ts';
import { readAudit, verifyAudit, verifyChain } from '../auth/audit-chain.ts';
import { loadConfig } from '../config.ts';
import { readArguments } from './arguments.ts';
import { withDatabase } from './database.ts';
import type { Output } from './output.ts';
import { exitCodes } from './output.ts';

const USAGE = 'audit takes verify [--file EXPORT] [--head HASH], or export';

/** `datacraft audit verify [--file EXPORT] [--head HASH] | export`: exit 1 when the chain does not hold. */
export async function audit(args: readonly string[], output: Output): Promise<number> {
  const read = readArguments(args, {
    'data-dir': { type: 'string' },
    file: { type: 'string' },
    head: { type: 'string' },
  });
  const [action, ...more] = read.positionals;
  if (more.length > 0 || (action !== 'verify' && action !== 'export')) throw new Fault('bad-request', USAGE);
  const file = read.text('file');
  if (action === 'verify' && file !== undefined) return tell(await verifyFile(file, read.text('head')), output);
  const config = loadConfig(process.env, { dataDir: read.text('data-dir') });
  return withDatabase(config, async (pool) => {
    if (action === 'verify') {
      const verdict = await verifyAudit(pool);
      return tell(verdict.broken === null ? await withHead(readAudit(pool), read.text('head')) : verdict, output);
    }
    for await (const entry of readAudit(pool)) output.out(JSON.stringify(entry));
    return exitCodes.done;
  });
}

function verifyFile(file: string, head: string | undefined): Promise<Verdict> {
  return withHead(entriesOf(file), head);
}

/** `head`: a hash that was noted earlier must still be in the chain. */
async function withHead(entries: AsyncIterable<AuditEntry>, head: string | undefined): Promise<Verdict> {
  let found = head === undefined;
  const looked = async function* () {
    for await (const entry of entries) {
      found ||= entry.hash === head;
      yield entry;
    }
  };
  const verdict = await verifyChain(looked());
  if (verdict.broken !== null || found) return verdict;
  return { ...verdict, broken: { seq: '1', because: `no entry has the hash ${head}: the chain was made anew` } };
}

async function* entriesOf(file: string): AsyncGenerator<AuditEntry> {
  for await (const line of createInterface({ input: createReadStream(file) }))
    if (line !== '') yield JSON.parse(line) as AuditEntry;
}

function tell({ entries, head, broken }: Verdict, output: Output): number {
  if (broken === null) {
    output.out(`${entries} entries, the chain holds; its head is ${head}`);
    return exitCodes.done;
  }
  output.out(`the chain breaks at entry ${broken.seq}: ${broken.because} (${entries} entries before it hold)`);
  return 1;
}
