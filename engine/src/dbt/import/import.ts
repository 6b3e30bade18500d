/**
 * A dbt project as one notebook.
 *
 * P1  A model is a cell with the SQL that its Jinja gives in a first run; refs and sources are names of cells.
 * P2  What is not followed is a finding with file, line and column; no resource is left out silently.
 * P3  Nothing of the project is run, and nothing but its files is read.
 */
import { say, worded } from '@datacraft/shared';
import type { ImportFinding, JsonObject, Notebook, Words } from '@datacraft/shared';
import type { Config } from './config.ts';
import { configOf, layerOf } from './config.ts';
import type { ProjectEnvironment } from './environment.ts';
import { environmentOf, nothingTold } from './environment.ts';
import type { CellDraft } from '../../interchange/draft.ts';
import { keepOf, rendered, sayings, unreadSettings } from './model-cell.ts';
import { projectNames } from './names.ts';
import type { ProjectNames } from './names.ts';
import { notebookOf } from './page.ts';
import type { DbtProject, TextFile } from './project.ts';
import { readProject } from './project.ts';
import { snapshotCells, snapshotsOf } from './snapshot-cells.ts';
import { seedCell, sourceCell } from './source-cell.ts';
import { rulesOf } from './tests.ts';

export interface ImportedProject {
  readonly notebook: Notebook;
  /** Paths in the project of files that its cells read. */
  readonly reads: readonly string[];
  readonly cells: readonly CellDraft[];
  readonly findings: readonly ImportFinding[];
}

/** `files` are those below the folder of `dbt_project.yml`, by their path in it; `all` also those that are no text. */
export function importDbt(
  files: ReadonlyMap<string, string>,
  all: ReadonlyMap<string, unknown> = files,
): ImportedProject {
  const project = readProject(files);
  const { findings } = project;
  const snapshots = snapshotsOf(project);
  const names = projectNames(project, snapshots);
  const environment = environmentOf(project, names);
  const loaded = [
    ...project.seeds.map((seed) => seedCell(seed, project, names)),
    ...project.sources.map((source) => sourceCell(source, names, all, findings)),
  ];
  const models = project.models.flatMap((model) => modelCell(model, project, names, environment));
  const versions = snapshots.flatMap(
    (snapshot) => snapshotCells(snapshot, project, names, environment, findings).cells,
  );
  const tests = project.tests.flatMap((test) => testCell(test, names, environment, findings));
  findings.push(...wholeFindings(project, files));
  const inputs = [...environment.inputs].map(([name, spec]): CellDraft => ({
    kind: 'input',
    name,
    source: '',
    config: { ...spec } as JsonObject,
    file: 'dbt_project.yml',
  }));
  const cells = [...loaded.map(({ cell }) => cell), ...inputs, ...models, ...versions, ...tests];
  return { notebook: notebookOf(project, cells), reads: loaded.flatMap(({ reads }) => reads), cells, findings };
}

function modelCell(
  model: TextFile,
  project: DbtProject,
  names: ProjectNames,
  environment: ProjectEnvironment,
): CellDraft[] {
  const { findings } = project;
  const told = nothingTold();
  const evaluator = environment.evaluator(told);
  const source = rendered(model.path, model.text, null, evaluator, findings);
  if (source === null) return [broken(model, names)];
  const properties = project.properties.get('models')?.get(model.name);
  const config = configOf(project, 'models', model, properties, told.config);
  const report = (severity: ImportFinding['severity'], words: Words) =>
    findings.push({ file: model.path, line: 1, column: 1, severity, ...worded(words) });
  if (isDisabled(config)) {
    report('info', 'is disabled, and left out');
    return [];
  }
  for (const setting of unreadSettings(config)) report('warning', setting);
  const decided = [...told.decided].filter((name) => !told.inputs.has(name));
  if (decided.length > 0) {
    const vars = decided.join(', ');
    report('info', say('vars are written out as they stand: {vars}', { vars }));
  }
  const { rules, findings: found } = rulesOf(properties, evaluator);
  findings.push(...found);
  const layer = layerOf(config, model.path, 'silver');
  return [
    {
      kind: 'sql',
      name: names.nodes.get(model.name) ?? model.name,
      source,
      file: model.path,
      config: {
        ...(layer === 'silver' ? {} : { layer }),
        ...keepOf(config, rules, told, report),
        ...(rules.length === 0 ? {} : { expect: JSON.parse(JSON.stringify(rules)) as JsonObject[] }),
        ...sayings(properties, config, evaluator),
      },
    },
  ];
}

/** A model that could not be read keeps its text, so that it can be mended where it stands. */
function broken(model: TextFile, names: ProjectNames): CellDraft {
  return {
    kind: 'sql',
    name: names.nodes.get(model.name) ?? model.name,
    source: model.text.trim(),
    config: {},
    file: model.path,
  };
}

function isDisabled(config: Config): boolean {
  return config.get('enabled') === false;
}

/** A test of its own gives the rows that break it: a cell that may have none. */
function testCell(
  test: TextFile,
  names: ProjectNames,
  environment: ProjectEnvironment,
  findings: ImportFinding[],
): CellDraft[] {
  const told = nothingTold();
  const source = rendered(test.path, test.text, null, environment.evaluator(told), findings);
  if (source === null || source === '' || told.config.get('enabled') === false) return [];
  const severity = String(told.config.get('severity') ?? '').toLowerCase() === 'warn' ? { severity: 'warn' } : {};
  const config = {
    expect: [{ row_count: { max: 0 }, ...severity }],
    description: 'Rows that break a rule: there may be none',
  };
  return [{ kind: 'sql', name: names.free(test.name), source, config, file: test.path }];
}

function wholeFindings(project: DbtProject, files: ReadonlyMap<string, string>): ImportFinding[] {
  const warned = (file: string, words: Words): ImportFinding => ({
    file,
    line: 1,
    column: 1,
    severity: 'warning',
    ...worded(words),
  });
  const hooks = ['on-run-start', 'on-run-end'].filter((key) => project.config[key] !== undefined);
  const packages = ['packages.yml', 'dependencies.yml'].filter((path) => files.has(path));
  return [
    ...hooks.map((key) =>
      warned('dbt_project.yml', say('{key} is left out: a notebook runs its cells and nothing else', { key })),
    ),
    ...packages.map((path) => warned(path, 'packages are not read: what models use of them is a finding there')),
  ];
}
