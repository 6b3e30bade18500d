import { databaseOf } from '@datacraft/engine';
import type { AlertIncident } from '@datacraft/shared';
import { Fault } from '@datacraft/shared';
import type pg from 'pg';
import { listIncidents } from '../alert/listing.ts';
import { listRules } from '../alert/rules.ts';
import { addSilence } from '../alert/silences.ts';
import { loadConfig } from '../config.ts';
import type { Arguments } from './arguments.ts';
import { readArguments } from './arguments.ts';
import { auditCommand } from './audit-command.ts';
import { withDatabase } from './database.ts';
import type { Output } from './output.ts';
import { exitCodes, textTable } from './output.ts';

const USAGE =
  'alerts takes list [--all], check, or silence [--rule ID] [--table layer.name] [--notebook ID] --minutes N --reason TEXT';
const LISTED = 500;
const LONGEST_MINUTES = 60 * 24 * 30;

/** `datacraft alerts list | check | silence`: what fires now; `check` exits 1 while anything does that is not silenced. */
export async function alerts(args: readonly string[], output: Output): Promise<number> {
  const read = readArguments(args, {
    'data-dir': { type: 'string' },
    all: { type: 'boolean' },
    json: { type: 'boolean' },
    rule: { type: 'string' },
    table: { type: 'string' },
    notebook: { type: 'string' },
    minutes: { type: 'string' },
    reason: { type: 'string' },
  });
  const [action, ...more] = read.positionals;
  const perform = action === undefined ? undefined : actions[action];
  if (!perform || more.length > 0) throw new Fault('bad-request', USAGE);
  const config = loadConfig(process.env, { dataDir: read.text('data-dir') });
  return withDatabase(config, (pool) => perform(pool, read, output));
}

type Action = (pool: pg.Pool, read: Arguments, output: Output) => Promise<number>;

const actions: Readonly<Record<string, Action>> = {
  async list(pool, read, output) {
    const found = await incidents(pool, read.flag('all') ? 'all' : 'open');
    output.out(read.flag('json') ? JSON.stringify(found) : tableOf(found));
    return exitCodes.done;
  },
  /** A rule that could not be looked at is no all-clear. */
  async check(pool, read, output) {
    const firing = (await incidents(pool, 'open')).filter((incident) => !incident.silenced);
    const blind = (await listRules(databaseOf(pool))).filter(({ enabled, problem }) => enabled && problem !== null);
    if (read.flag('json'))
      output.out(JSON.stringify({ firing, problems: blind.map(({ id, name, problem }) => ({ id, name, problem })) }));
    else {
      if (firing.length > 0) output.out(tableOf(firing));
      for (const { name, problem } of blind) output.err(`${name} could not be looked at: ${problem ?? ''}`);
      if (firing.length + blind.length === 0) output.out('nothing fires');
    }
    return firing.length + blind.length === 0 ? exitCodes.done : exitCodes.failed;
  },
  async silence(pool, read, output) {
    const minutes = Number(read.text('minutes') ?? '');
    const reason = read.text('reason') ?? '';
    const [ruleId, table, notebookId] = (['rule', 'table', 'notebook'] as const).map((key) => read.text(key) ?? null);
    const names = [ruleId, table, notebookId].some((name) => name !== null && name !== undefined);
    if (!names || reason === '' || !Number.isInteger(minutes) || minutes < 1 || minutes > LONGEST_MINUTES)
      throw new Fault('bad-request', USAGE);
    const asked = { ruleId: ruleId ?? null, table: table ?? null, notebookId: notebookId ?? null, reason, minutes };
    const id = await addSilence(databaseOf(pool), asked, null);
    await auditCommand(pool, 'alert-silence', id, { minutes, reason });
    output.out(id);
    return exitCodes.done;
  },
};

function incidents(pool: pg.Pool, state: 'open' | 'all'): Promise<AlertIncident[]> {
  return listIncidents(databaseOf(pool), { state, limit: LISTED, visible: null });
}

function tableOf(found: readonly AlertIncident[]): string {
  const rows = found.map((incident) => [
    incident.severity,
    incident.closedAt === null ? (incident.silenced ? 'silenced' : 'firing') : 'over',
    incident.openedAt,
    incident.title,
    incident.alerts.map(({ rule }) => rule.name).join(', '),
  ]);
  return textTable(['severity', 'state', 'since', 'what', 'rules'], rows);
}
