/**
 * Frozen dashboards being looked at: compiles each version once, computes each tile once per parameters and data, and
 * says how old what it shows is.
 *
 * W1  One query per version, tile, parameters that matter and published data, however many look.
 * W2  What fails inside stays inside: a viewer reads one of four calm sentences, the log has the rest.
 */
import type { Compiled, QueryDeps } from '@datacraft/engine';
import { neverRun, publishedNow, readOptions, readTiles, tileReads } from '@datacraft/engine';
import type {
  DashboardData,
  DashboardInput,
  DashboardLayout,
  DashboardView,
  FaultCode,
  InputOptions,
  InputSpec,
  Notebook,
  Params,
  TileData,
} from '@datacraft/shared';
import { isFault, relationName } from '@datacraft/shared';
import type { Logger } from 'pino';
import type { Feeds } from './flows.ts';
import type { ComputeMany } from './shared-work.ts';
import { createSharedWork } from './shared-work.ts';
import type { Staleness } from './staleness.ts';
import { stalenessOf } from './staleness.ts';
import type { ShownTile } from './view.ts';
import { inputSpecOf, shownTiles } from './view.ts';
import { datedDefault, viewerParams } from './viewer-params.ts';

/** A version to show; `key` is its own for good, or null for a draft, of which nothing is kept. */
export interface Shown {
  readonly key: string | null;
  readonly notebookId: string;
  readonly version: number;
  readonly title: string;
  readonly layout: DashboardLayout;
  readonly document: Notebook;
  readonly publishedAt: Date;
}

export interface DashboardDeps {
  /** For reading what the cells of a notebook may read. */
  reading(notebookId: string): Promise<QueryDeps>;
  compile(notebook: Notebook): Promise<Compiled>;
  /** Cells of a notebook whose last task failed. */
  failedCells(notebookId: string): Promise<ReadonlySet<string>>;
  readonly log: Pick<Logger, 'warn'>;
  readonly now: () => Date;
  readonly timeoutMs: number;
}

type Options = NonNullable<DashboardInput['options']>;
type Relations = Awaited<ReturnType<typeof publishedNow>>;

interface Opened {
  readonly shown: Shown;
  readonly compiled: Compiled;
  readonly tiles: readonly ShownTile[];
  readonly inputs: readonly { readonly name: string; readonly spec: InputSpec }[];
  readonly today: string;
}

const KEPT_VERSIONS = 50;
const RETRY_MS = 10_000;
const KEPT_BYTES = 64 * 1024 * 1024;
const sentences: Record<'failed' | 'too-long' | 'too-large' | 'busy', string> = {
  failed: 'This part could not be computed. Its author can see why in the notebook.',
  'too-long': 'This part took too long to compute.',
  'too-large': 'This part needs more memory than a dashboard may take.',
  busy: 'Too many people are asking for new results at once. Try again in a moment.',
};

export class Dashboards {
  readonly #deps: DashboardDeps;
  readonly #compiled = new Map<string, Promise<Compiled>>();
  readonly #tiles;
  readonly #options;

  constructor(deps: DashboardDeps, concurrency = 4) {
    this.#deps = deps;
    this.#tiles = createSharedWork<TileData>({
      maxBytes: KEPT_BYTES,
      concurrency,
      maxWaiting: 1_000,
      bytesOf: (data) => 200 + (data.state === 'ok' ? data.page.rows.length * data.page.columns.length * 24 : 0),
      lifeMsOf: (data) => (data.state === 'ok' ? Infinity : RETRY_MS),
      now: () => deps.now().getTime(),
      busy: () => failed('busy'),
    });
    this.#options = createSharedWork<Options>({
      maxBytes: KEPT_BYTES / 8,
      concurrency,
      maxWaiting: 1_000,
      bytesOf: (options) => 100 + options.length * 64,
      lifeMsOf: () => Infinity,
      now: () => deps.now().getTime(),
      busy: () => [],
    });
  }

  /** How many tile queries ran. */
  get computed(): number {
    return this.#tiles.computed;
  }

  async view(shown: Shown, given: Params): Promise<{ view: DashboardView; tiles: readonly ShownTile[] }> {
    const opened = await this.#open(shown);
    const { data, inputs } = await this.#fill(opened, given);
    const view: DashboardView = {
      title: shown.layout.title ?? shown.title,
      description: shown.layout.description ?? null,
      version: shown.version,
      publishedAt: shown.publishedAt.toISOString(),
      inputs,
      tiles: opened.tiles.map(({ tile }) => tile),
      data,
    };
    return { view, tiles: opened.tiles };
  }

  async data(shown: Shown, given: Params): Promise<DashboardData> {
    return (await this.#fill(await this.#open(shown), given)).data;
  }

  /** Of what it shows, tile by tile. */
  async feeds(shown: Shown): Promise<Feeds> {
    const opened = await this.#open(shown);
    const { graph } = opened.compiled;
    const tiles = opened.tiles.flatMap(({ tile, cell }) => {
      if (cell === null) return [];
      const { relations, cells } = tileReads(graph, cell);
      return [[tile.id, { reads: new Set(relations.map(relationName)), cells: new Set([cell, ...cells]) }] as const];
    });
    const reads = new Set(refsOf(opened).map(relationName));
    return { notebookId: shown.notebookId, reads, tiles: new Map(tiles) };
  }

  async #open(shown: Shown): Promise<Opened> {
    const compiled = await this.#compile(shown);
    const title = shown.layout.title ?? shown.title;
    const salt = `${shown.notebookId}/${shown.version}`;
    const tiles = shownTiles({ title, layout: shown.layout, document: shown.document, compiled, salt });
    const inputs = tiles.flatMap(({ tile }) => {
      const cell = tile.kind === 'input' ? compiled.graph.cells.get(tile.input) : undefined;
      return cell?.kind === 'input' ? [{ name: cell.name, spec: cell.spec }] : [];
    });
    return { shown, compiled, tiles, inputs, today: this.#deps.now().toISOString().slice(0, 10) };
  }

  #compile(shown: Shown): Promise<Compiled> {
    if (shown.key === null) return this.#deps.compile(shown.document);
    const found = this.#compiled.get(shown.key);
    if (found) return found;
    const work = this.#deps.compile(shown.document);
    this.#compiled.set(shown.key, work);
    work.catch(() => this.#compiled.delete(shown.key ?? ''));
    const [oldest] = this.#compiled.keys();
    if (this.#compiled.size > KEPT_VERSIONS && oldest !== undefined) this.#compiled.delete(oldest);
    return work;
  }

  async #fill(opened: Opened, given: Params): Promise<{ data: DashboardData; inputs: DashboardInput[] }> {
    const { graph } = opened.compiled;
    const relations = await publishedNow(refsOf(opened), await this.#deps.reading(opened.shown.notebookId));
    const offered = await Promise.all(opened.inputs.map((input) => this.#offer(opened, input.spec, relations)));
    const asked = opened.inputs.map((input, at) => ({ ...input, options: offered[at] ?? null }));
    const { params, ignored } = viewerParams(asked, given, opened.today);
    const failedNow = await this.#deps.failedCells(opened.shown.notebookId);
    const shownCells = opened.tiles.flatMap(({ tile, cell }) => (cell === null ? [] : [{ id: tile.id, cell }]));
    const answers = await this.#read(
      opened,
      shownCells.map(({ cell }) => cell),
      params,
      relations,
    );
    const filled = shownCells.map(({ id, cell }, at) => {
      const stale = stalenessOf(graph, cell, relations, failedNow);
      return [id, aged(answers[at] ?? failed('failed'), stale)] as const;
    });
    const ages = filled.flatMap(([, data]) => (data.state === 'ok' && data.dataAt !== null ? [data.dataAt] : []));
    const data: DashboardData = {
      params,
      tiles: Object.fromEntries(filled),
      oldestDataAt: ages.sort()[0] ?? null,
      ...(ignored.length > 0 ? { ignored } : {}),
    };
    const inputs = asked.map(({ name, spec, options }) => ({
      name,
      spec: { ...inputSpecOf(spec), default: datedDefault(spec, opened.today) },
      options,
      value: params[name] ?? null,
    }));
    return { data, inputs };
  }

  /** Of each cell, in their order: kept answers, and the others in one session. */
  async #read(
    opened: Opened,
    cells: readonly string[],
    params: Params,
    relations: Relations,
  ): Promise<readonly TileData[]> {
    const { compiled, today, shown } = opened;
    const answers = cells.map((cell): TileData | null =>
      neverRun(compiled.graph, cell, relations) ? { state: 'never-run' } : null,
    );
    const asked = cells.flatMap((cell, at) =>
      answers[at] === null ? [{ at, cell, own: this.#own(opened, cell, params) }] : [],
    );
    const compute: ComputeMany<TileData> = (places, tell) =>
      this.#compute(
        opened,
        places.flatMap((place) => asked[place] ?? []),
        (index, data) => tell(places[index] ?? -1, data),
      );
    const state = stateOf(relations);
    const keys = asked.map(({ cell, own }) => keyOf([shown.key, cell, own, today, state]));
    const computed =
      shown.key === null
        ? await alone(asked.length, compute)
        : await this.#tiles.getMany(keys, shown.notebookId, compute);
    for (const [index, { at }] of asked.entries()) answers[at] = computed[index] ?? null;
    return answers.map((answer) => answer ?? failed('failed'));
  }

  /** The values that can change a cell's rows. */
  #own({ compiled }: Opened, cell: string, params: Params): Params {
    const { inputs } = tileReads(compiled.graph, cell);
    return Object.fromEntries(inputs.flatMap((name) => (name in params ? [[name, params[name] ?? null]] : [])));
  }

  async #compute(
    { compiled, today, shown }: Opened,
    asked: readonly { readonly cell: string; readonly own: Params }[],
    tell: (index: number, data: TileData) => void,
  ): Promise<void> {
    const timeoutMs = this.#deps.timeoutMs;
    const told = new Set<number>();
    const fail = (index: number, error: unknown): void => {
      this.#deps.log.warn({ err: error, notebookId: shown.notebookId, cell: asked[index]?.cell }, 'a tile failed');
      tell(index, failed(isFault(error) ? (reasons[error.code] ?? 'failed') : 'failed'));
    };
    const reads = asked.map(({ cell, own }) => ({ compiled, cell, params: own, today, timeoutMs }));
    try {
      await readTiles(reads, await this.#deps.reading(shown.notebookId), (index, answer) => {
        told.add(index);
        if (answer.kind === 'failed') return fail(index, answer.error);
        const { page, dataAt } = answer.rows;
        tell(index, { state: 'ok', page, dataAt: dataAt?.toISOString() ?? null });
      });
    } catch (error) {
      for (const index of asked.keys()) if (!told.has(index)) fail(index, error);
    }
  }

  async #offer(opened: Opened, spec: InputSpec, relations: Relations): Promise<Options | null> {
    const { options } = spec;
    if (options === undefined) return null;
    if (!isFrom(options)) return options.map((value) => ({ value, label: String(value) }));
    const { from, column, label } = options;
    const { compiled, today, shown } = opened;
    if (!compiled.graph.cells.has(from) || neverRun(compiled.graph, from, relations)) return [];
    const read = { compiled, cell: from, params: {}, today, timeoutMs: this.#deps.timeoutMs };
    const wanted = label === undefined ? { column } : { column, label };
    const compute = async () => readOptions(read, wanted, await this.#deps.reading(shown.notebookId));
    try {
      if (shown.key === null) return await compute();
      return await this.#options.get(
        keyOf([shown.key, from, wanted, today, stateOf(relations)]),
        shown.notebookId,
        compute,
      );
    } catch (error) {
      this.#deps.log.warn({ err: error, notebookId: shown.notebookId }, 'the options of an input could not be read');
      return [];
    }
  }
}

const reasons: Partial<Record<FaultCode, keyof typeof sentences>> = {
  'timed-out': 'too-long',
  'out-of-memory': 'too-large',
  'too-large': 'too-large',
};

/** Of a draft, of which nothing is kept. */
async function alone(count: number, compute: ComputeMany<TileData>): Promise<TileData[]> {
  const answers = Array.from({ length: count }, () => failed('failed'));
  if (count > 0) await compute([...answers.keys()], (place, data) => (answers[place] = data));
  return answers;
}

function aged(data: TileData, stale: Staleness | null): TileData {
  return data.state === 'ok' && stale !== null ? { ...data, stale } : data;
}

function failed(reason: keyof typeof sentences): TileData {
  return { state: 'failed', message: sentences[reason], reason };
}

function isFrom(options: InputSpec['options']): options is Extract<InputOptions, { readonly from: string }> {
  return options !== undefined && !Array.isArray(options);
}

/** Everything published that a version reads: a new snapshot of any of it makes new answers. */
function stateOf(relations: Relations): string[] {
  return [...relations.values()]
    .map(
      (relation) =>
        `${relationName(relation.ref)}@${relation.snapshotId ?? ''}/${relation.fingerprint}/${relation.publishedAt.getTime()}`,
    )
    .sort();
}

function keyOf(parts: readonly unknown[]): string {
  return JSON.stringify(parts);
}

function refsOf({ compiled, tiles, inputs }: Opened) {
  const sources = inputs.flatMap(({ spec }) => (isFrom(spec.options) ? [spec.options.from] : []));
  const cells = [...tiles.flatMap(({ cell }) => cell ?? []), ...sources];
  return cells.flatMap((cell) => tileReads(compiled.graph, cell).relations);
}
