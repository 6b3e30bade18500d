/** The program `datacraft`: one command a file. Logs go to stderr, answers to stdout. */
import { Fault, isFault } from '@datacraft/shared';
import { exitCodeOf } from '../config.ts';
import type { Output } from './output.ts';
import { exitCodes, processOutput } from './output.ts';

type Command = (args: readonly string[], output: Output) => Promise<number>;

const commands: Readonly<Record<string, () => Promise<Command>>> = {
  start: async () => (await import('./start.ts')).start,
  worker: async () => (await import('./worker.ts')).worker,
  stream: async () => (await import('./stream.ts')).stream,
  letters: async () => (await import('./letters.ts')).letters,
  produce: async () => (await import('./produce.ts')).produce,
  check: async () => (await import('./check.ts')).check,
  run: async () => (await import('./run.ts')).run,
  plan: async () => (await import('./run.ts')).plan,
  lineage: async () => (await import('./lineage.ts')).lineage,
  query: async () => (await import('./query.ts')).query,
  export: async () => (await import('./export.ts')).exportNotebooks,
  import: async () => (await import('./import.ts')).importNotebooks,
  snapshots: async () => (await import('./table.ts')).snapshots,
  diff: async () => (await import('./table.ts')).diff,
  rollback: async () => (await import('./table.ts')).rollback,
  tag: async () => (await import('./table.ts')).tag,
  retain: async () => (await import('./table.ts')).retain,
  docs: async () => (await import('./docs.ts')).docs,
  maintain: async () => (await import('./maintain.ts')).maintain,
  secret: async () => (await import('./secret.ts')).secret,
  token: async () => (await import('./token.ts')).token,
  audit: async () => (await import('./audit.ts')).audit,
  models: async () => (await import('./models.ts')).models,
  alerts: async () => (await import('./alerts.ts')).alerts,
  branch: async () => (await import('./branch.ts')).branch,
  backfill: async () => (await import('./backfill.ts')).backfill,
  env: async () => (await import('./environment.ts')).env,
  promote: async () => (await import('./environment.ts')).promote,
};

const usage = `datacraft: the notebook where a team builds, runs and shares its data pipelines

  datacraft start [--port 4321] [--host 127.0.0.1] [--data-dir .datacraft] [--no-worker]
  datacraft worker [--data-dir D]                     one more worker on the same database and lake
  datacraft stream [--data-dir D]                     one more runner of live streams
  datacraft letters layer.name [--replay] [--data-dir D] [--json]
                                                      what a live stream set aside, and having it read again
  datacraft produce FILE.avro|.ndjson --topic T --brokers HOST:PORT|--connection NAME [--key FIELD] [--schema FILE.avsc] [--registry URL]
                                                      its records to a Kafka topic, with their schema registered, each once
  datacraft check FILE.md [--json]                    compile only; exit 2 with diagnostics
  datacraft plan FILE.md [--json]                     what a run would do, and why
  datacraft lineage FILE.md [--data-dir D] [--json]   of which columns each column is made
  datacraft run FILE.md [--data-dir D] [--param name=value]… [--select cell,+cell,cell+]… [--full-refresh] [--replay cell]… [--where CONDITION] [--env NAME] [--json]
  datacraft env list | show NAME | drop NAME [--json]  named environments, which run --env makes: production is not written
  datacraft promote FILE.md --env NAME [--json]       what a run would make just so becomes production's, without one
  datacraft backfill FILE.md|NOTEBOOK_ID --from DATE --to DATE [--every LENGTH] [--select …] [--reprocess missing|failed|all]
                     [--order oldest_first|newest_first] [--dry-run] [--json]   a past range again, window by window
  datacraft query "SQL" [--data-dir D] [--as-of TIMESTAMP|SNAPSHOT_ID|TAG] [--env NAME | --branch ID|NAME] [--param n=v]… [--format table|json|csv|arrow]
  datacraft export NOTEBOOK_ID|--all [--data-dir D] [--out DIR]
  datacraft export NOTEBOOK_ID|FILE.md --format dbt|ipynb|html --out DIR
                                                      as a dbt project, a Jupyter notebook or a page, with rows
  datacraft import PATH [--data-dir D]               a notebook file, or all below a folder, with their files; a dbt project,
                                                      .ipynb, .sql, files of data, or a ZIP archive of these
  datacraft branch list NOTEBOOK_ID | create NOTEBOOK_ID --name TEXT | review BRANCH_ID | discard BRANCH_ID [--json]
  datacraft branch update BRANCH_ID [--cell NAME]… [--take-main NAME]… [--keep-branch NAME]…
                                                      the notebook's changes since the fork come into the branch
  datacraft branch accept BRANCH_ID [--cell NAME]… [--take-branch NAME]…
                                                      a branch's cells come into its notebook
  datacraft snapshots layer.name [--json]             the states of a table, newest first
  datacraft diff layer.name --from T|ID|TAG [--to T|ID|TAG] [--key a,b] [--limit N] [--json]
  datacraft tag layer.name TAG [--snapshot ID] [--delete]
                                                      a name for a snapshot, which keeps it
  datacraft retain layer.name [--days N] [--snapshots N] [--all] [--json]
                                                      how much of a table's past is kept; all of it by default
  datacraft docs --out DIR                            the catalogue as Markdown and HTML
  datacraft maintain [layer.name…] [--dry-run] [--grace "24 hours"] [--json]
                                                      let go what is not kept, compact small files, remove orphans
  datacraft rollback layer.name SNAPSHOT_ID [--json]  an earlier state of a table, as a new one
  datacraft secret set NAME [--host HOST]… | hosts NAME --host HOST… | list | delete NAME
                                                      what cells use as secret://NAME, and where it may be sent; the value on stdin
  datacraft token create NAME [--user E-MAIL] [--requests-per-second N] [--predictions-per-day N] | limit ID … | list | revoke ID
                                                      API tokens, and what they may ask; of the first owner by default
  datacraft models list | export NAME --onnx [--version N|champion|challenger] [--out FILE]
                                                      the models that answer; one as ONNX for other runtimes
  datacraft alerts list [--all] | check | silence [--rule ID] [--table layer.name] [--notebook ID] --minutes N --reason TEXT
                                                      what fires; check exits 1 while anything does that is not silenced
  datacraft audit verify [--file EXPORT] [--head HASH] | export
                                                      the chain of who did what; exit 1 when it does not hold

Settings come from the environment; the README lists them.`;

/** The lines about one command, with those that go on from them. */
function usageOf(name: string): string {
  const lines = usage.split('\n').slice(2, -2);
  let isMeant = false;
  const meant = lines.filter((line) => {
    if (line.startsWith('  datacraft ')) isMeant = line.split(' ')[3] === name;
    return isMeant;
  });
  return meant.join('\n');
}

/** Answers the exit code. Never throws: whatever goes wrong is one line that says what to do. */
export async function main(args: readonly string[], output: Output = processOutput): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    output.out(usage);
    return name === undefined ? exitCodes.usage : exitCodes.done;
  }
  const load = commands[name];
  if (load && rest.some((arg) => arg === '--help' || arg === '-h')) {
    output.out(usageOf(name));
    return exitCodes.done;
  }
  if (!load) {
    output.err(`datacraft: no command is called ${name}; known are ${Object.keys(commands).join(', ')}`);
    return exitCodes.usage;
  }
  try {
    return await (
      await load()
    )(rest, output);
  } catch (error) {
    output.err(`datacraft ${name}: ${sentence(error)}`);
    if (!isFault(error) && error instanceof Error && process.env['DATACRAFT_LOG_LEVEL'] === 'debug')
      output.err(error.stack ?? '');
    return exitCodeFor(error);
  }
}

function exitCodeFor(error: unknown): number {
  if (isFault(error, 'bad-request')) return exitCodes.usage;
  if (isFault(error, 'notebook-invalid')) return exitCodes.invalid;
  return exitCodeOf(error);
}

function sentence(error: unknown): string {
  if (error instanceof Fault)
    return error.facts.hint === undefined ? error.message : `${error.message} (${error.facts.hint})`;
  return error instanceof Error ? error.message : String(error);
}

if (import.meta.main) process.exit(await main(process.argv.slice(2)));
