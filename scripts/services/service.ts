/**
 * The systems that people run beside DataCraft, started from package registries on a machine without Docker.
 *
 * V1  What is downloaded goes to the cache and is never changed there; what a service writes goes to its own directory.
 * V2  A service is described by values (what to install, what to launch, how to ask it); only `supervise` starts and stops.
 * V3  It listens on 127.0.0.1, on the port the environment names or a free one, and keeps that port over restarts.
 */
export interface Place {
  /** The service's own directory: configuration, data, log. */
  readonly dir: string;
  readonly ports: Readonly<Record<string, number>>;
  /** What the services it needs export. */
  readonly env: Readonly<Record<string, string>>;
}

export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly ids?: { readonly uid: number; readonly gid: number } | null;
}

export interface Server {
  readonly kind: 'server';
  readonly name: string;
  readonly version: string;
  /** Names of its ports; each becomes `DATACRAFT_<NAME>_<PORT>_PORT` in the environment. */
  readonly ports: readonly string[];
  readonly needs?: readonly string[];
  readonly startLimitMs: number;
  /** Fills the cache. Doing it twice costs nothing. */
  install(): Promise<void>;
  /** Writes configuration and first data; safe to repeat over data that is there. */
  prepare(place: Place): Promise<Launch>;
  /** Resolves once it answers; throws while it does not. */
  ready(place: Place): Promise<void>;
  /** Addresses and credentials, as environment variables. */
  exports(place: Place): Record<string, string>;
}

/** A program that is only installed, such as an oracle in a Python environment of its own. */
export interface Tool {
  readonly kind: 'tool';
  readonly name: string;
  readonly version: string;
  install(): Promise<void>;
  exports(): Record<string, string>;
}

export type Service = Server | Tool;
