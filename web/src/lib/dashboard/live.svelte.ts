/**
 * A dashboard in front of one viewer: their choices, the data for them, and newer data that waits to be shown. A result
 * stays until its successor is whole; the latest choice wins, whatever comes back first.
 */
import type {
  DashboardData,
  DashboardEvent,
  DashboardInput,
  DashboardView,
  Flow,
  Params,
  ParamValue,
} from '@datacraft/shared';
import { newer } from './newer.ts';
import { sameValue } from './url-params.ts';

export type Fetcher = (params: Params, signal: AbortSignal) => Promise<DashboardData>;

const DEBOUNCE_MS = 250;

export class LiveDashboard {
  readonly inputs: readonly DashboardInput[];
  params = $state.raw<Params>({});
  data = $state.raw<DashboardData>({ params: {}, tiles: {}, oldestDataAt: null });
  /** Newer data for the same choices. */
  waiting = $state.raw<DashboardData | null>(null);
  pending = $state(false);
  failed = $state(false);
  /** What the streams do that write what it shows; null where none does. */
  flow = $state.raw<Flow | null>(null);
  /** The same of each tile, by its id. */
  tileFlows = $state.raw<Readonly<Record<string, Flow>>>({});
  /** Nobody tells what they do any more. */
  isLost = $state(false);
  isPaused = $state(false);
  #isTaking = false;
  #isMore = false;
  readonly #fetch: Fetcher;
  readonly #onChoice: (params: Params) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #call: AbortController | null = null;

  constructor(view: DashboardView, fetcher: Fetcher, onChoice: (params: Params) => void) {
    this.inputs = view.inputs;
    this.data = view.data;
    this.params = { ...view.data.params };
    this.#fetch = fetcher;
    this.#onChoice = onChoice;
  }

  get isChanged(): boolean {
    return this.inputs.some(({ name, spec }) => !sameValue(this.params[name], spec.default));
  }

  choose(name: string, value: ParamValue): void {
    if (sameValue(this.params[name], value)) return;
    this.#take({ ...this.params, [name]: value });
  }

  reset(): void {
    this.#take(Object.fromEntries(this.inputs.map(({ name, spec }) => [name, spec.default ?? null])));
  }

  retry(): void {
    void this.#load();
  }

  #take(params: Params): void {
    this.params = params;
    this.waiting = null;
    this.#onChoice(params);
    this.pending = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#load(), DEBOUNCE_MS);
  }

  async #load(): Promise<void> {
    this.#call?.abort();
    const call = new AbortController();
    this.#call = call;
    this.pending = true;
    try {
      const data = await this.#fetch(this.params, call.signal);
      if (this.#call !== call) return;
      this.data = data;
      this.failed = false;
    } catch {
      // An older call was taken back; the newest one that fails is said on the page.
      if (this.#call === call) this.failed = true;
    } finally {
      if (this.#call === call) this.pending = false;
    }
  }

  hear(event: DashboardEvent | { type: 'lost' }): void {
    if (event.type === 'lost') this.isLost = true;
    else this.isLost = false;
    if (event.type === 'live') {
      this.flow = event.flow;
      this.tileFlows = event.tiles;
    } else if (event.type === 'data') void this.arrived();
  }

  /** Asks whether there is newer data; the page keeps what it shows until the viewer says so. */
  async look(): Promise<void> {
    if (this.pending || this.failed) return;
    const asked = this.params;
    try {
      const data = await this.#fetch(asked, new AbortController().signal);
      if (this.params === asked && !this.pending) this.waiting = newer(this.data, data).length > 0 ? data : null;
    } catch {
      // Nothing was asked for by the viewer: what they see is still right, and its age is said.
    }
  }

  /** There is newer data: it is shown at once, one fetch at a time, unless the viewer holds the page. */
  async arrived(): Promise<void> {
    if (this.isPaused || this.pending) return;
    this.#isMore = true;
    if (this.#isTaking) return;
    this.#isTaking = true;
    try {
      while (this.#isMore && !this.isPaused) {
        this.#isMore = false;
        const asked = this.params;
        const data = await this.#fetch(asked, new AbortController().signal);
        if (this.params === asked && !this.pending && !this.isPaused) {
          this.data = data;
          this.failed = false;
        }
      }
    } catch {
      // The next commit asks again, and so does the look each minute; the age of what is shown is said.
    } finally {
      this.#isTaking = false;
    }
  }

  hold(isPaused: boolean): void {
    this.isPaused = isPaused;
    if (!isPaused) void this.arrived();
  }

  show(): void {
    if (this.waiting) this.data = this.waiting;
    this.waiting = null;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#call?.abort();
  }
}
