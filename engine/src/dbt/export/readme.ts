import type { ExportNote, ProjectContext } from './project.ts';

/** The project's own README: how it is run, what came along, and what could not. */
export function readmeOf(
  { notebook, name, inputs }: ProjectContext,
  files: readonly string[],
  notes: readonly ExportNote[],
): string {
  const count = (folder: string, end: string) =>
    files.filter((path) => path.startsWith(folder) && path.endsWith(end)).length;
  const vars = [...inputs.keys()];
  return [
    `# ${notebook.title}`,
    '',
    `The dbt project \`${name}\`, made from a DataCraft notebook. It builds with dbt-core 1.10 and dbt-duckdb:`,
    '',
    '```sh',
    'dbt build --profiles-dir .',
    '```',
    '',
    'It builds in PostgreSQL as well (dbt-postgres, `--target postgres`, where PGHOST, PGPORT, PGUSER, PGPASSWORD and',
    'PGDATABASE say), as far as both understand the SQL of its models: dimensions, facts, vault tables and merges are in the',
    'words of DuckDB, and files of rows have to be loaded there first. `dbt compile` and the first build say which are not.',
    '',
    `Tables go to \`${name}.duckdb\`, each layer (bronze, silver, gold) in a schema of its name. There are`,
    `${count('models/', '.sql')} models, ${count('snapshots/', '.sql')} snapshots, ${count('seeds/', '.csv')} seeds and ${count('data/', '.parquet')} files of rows.`,
    ...(vars.length === 0
      ? []
      : ['', `Inputs are vars: \`dbt build --vars '{${vars[0] ?? ''}: …}'\`. There are ${vars.join(', ')}.`]),
    '',
    '## What is not carried over, or works otherwise',
    '',
    ...(notes.length === 0
      ? ['Nothing.']
      : notes.map(({ cell, message }) => `- ${cell === null ? 'The notebook' : `\`${cell}\``}: ${message}`)),
    '',
  ].join('\n');
}
