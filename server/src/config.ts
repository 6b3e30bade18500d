import { statSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Fault } from '@datacraft/shared';
import type { TraceTarget } from './trace/target.ts';
import { traceTarget } from './trace/target.ts';

/** Everything that can be set from outside, read once at start. */
export interface Config {
  readonly host: string;
  readonly port: number;
  /** Where people reach us when that is not `host:port`: behind a proxy. No slash at the end. */
  readonly publicUrl: string | null;
  /** Believe `X-Forwarded-For`. */
  readonly trustProxy: boolean;
  readonly dataDir: string;
  readonly databaseUrl: string | null;
  /** Where online features are kept beside the database; null: in the memory of this process. */
  readonly redisUrl: string | null;
  /** `file:///…` or `s3://bucket/prefix` */
  readonly lakeUrl: string;
  /** Encrypts stored secrets; null: `<dataDir>/secret.key` is made and used. */
  readonly secretKey: string | null;
  /** Folders that source cells may read by absolute path. */
  readonly allowedPaths: readonly string[];
  /** Hosts in private networks that `https://` sources may reach all the same. */
  readonly allowedHosts: readonly string[];
  /** Where OpenLineage events go, `http(s)://…` or `file:///…`; null: nowhere. */
  readonly openLineageUrl: string | null;
  /** Where spans go by OTLP; null: nowhere. */
  readonly traces: TraceTarget | null;
  /** Of one DuckDB session. */
  readonly memoryLimitMb: number;
  readonly threads: number;
  readonly previewTimeoutMs: number;
  readonly runTimeoutMs: number;
  readonly maxUploadBytes: number;
  /** Edits of notebooks are kept so long, one by one; older ones only as the state they came to. */
  readonly historyDays: number;
  readonly predictionDays: number;
  readonly worker: boolean;
  readonly logLevel: 'silent' | 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace';
  /** The built web interface and the runnable examples. */
  readonly webDir: string;
  readonly examplesDir: string;
}

/** Flags of the command line; they win over the environment. */
export interface Flags {
  readonly host?: string | undefined;
  readonly port?: string | undefined;
  readonly dataDir?: string | undefined;
  readonly worker?: boolean | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

const root = fileURLToPath(new URL('../..', import.meta.url));
const logLevels = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;

/** Throws `config-invalid` with one line that names the variable, what was expected and what it got. */
export function loadConfig(env: Environment, flags: Flags = {}): Config {
  const dataDir = path.resolve(flags.dataDir ?? nonEmpty(env['DATACRAFT_DATA_DIR']) ?? '.datacraft');
  const megabytes = Math.floor(totalmem() / 2 ** 20);
  return {
    host: flags.host ?? nonEmpty(env['HOST']) ?? '127.0.0.1',
    port: flags.port !== undefined ? integer('--port', flags.port, 0, 65_535) : numberOf(env, 'PORT', 4321, 0, 65_535),
    publicUrl: publicUrl(env),
    trustProxy: flag(env, 'DATACRAFT_TRUST_PROXY', false),
    dataDir: usableDir(dataDir),
    databaseUrl: databaseUrl(env),
    redisUrl: redisUrl(env),
    lakeUrl: lakeUrl(env, dataDir),
    secretKey: secretKey(env),
    allowedPaths: allowedPaths(env),
    allowedHosts: listOf(env, 'DATACRAFT_ALLOWED_HOSTS', ','),
    openLineageUrl: openLineageUrl(env),
    traces: traceTarget(env),
    memoryLimitMb: numberOf(env, 'DATACRAFT_MEMORY_MB', clamp(Math.floor(megabytes / 8), 512, 4096), 64, 1_048_576),
    threads: numberOf(env, 'DATACRAFT_THREADS', Math.min(availableParallelism(), 4), 1, 256),
    previewTimeoutMs: 1000 * numberOf(env, 'DATACRAFT_PREVIEW_TIMEOUT_S', 30, 1, 3600),
    runTimeoutMs: 1000 * numberOf(env, 'DATACRAFT_RUN_TIMEOUT_S', 3600, 1, 604_800),
    maxUploadBytes: 2 ** 20 * numberOf(env, 'DATACRAFT_MAX_UPLOAD_MB', 2048, 1, 1_048_576),
    historyDays: numberOf(env, 'DATACRAFT_HISTORY_DAYS', 90, 1, 36_500),
    predictionDays: numberOf(env, 'DATACRAFT_PREDICTION_DAYS', 90, 1, 36_500),
    worker: flags.worker ?? flag(env, 'DATACRAFT_WORKER', true),
    logLevel: oneOf(env, 'DATACRAFT_LOG_LEVEL', logLevels, 'info'),
    webDir: path.resolve(nonEmpty(env['DATACRAFT_WEB_DIR']) ?? path.join(root, 'web', 'build')),
    examplesDir: path.resolve(nonEmpty(env['DATACRAFT_EXAMPLES_DIR']) ?? path.join(root, 'examples')),
  };
}

/** 78 (EX_CONFIG) when a setting is at fault, else 1. */
export function exitCodeOf(error: unknown): number {
  return error instanceof Fault && error.code === 'config-invalid' ? 78 : 1;
}

function invalid(name: string, expected: string, got: string): Fault {
  return new Fault('config-invalid', `${name}: expected ${expected}, got "${got}"`);
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text.trim();
}

function integer(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max)
    throw invalid(name, `a whole number from ${min} to ${max}`, text);
  return value;
}

function numberOf(env: Environment, name: string, fallback: number, min: number, max: number): number {
  const text = nonEmpty(env[name]);
  return text === undefined ? fallback : integer(name, text, min, max);
}

function flag(env: Environment, name: string, fallback: boolean): boolean {
  const text = nonEmpty(env[name])?.toLowerCase();
  if (text === undefined) return fallback;
  if (['1', 'true', 'yes', 'on'].includes(text)) return true;
  if (['0', 'false', 'no', 'off'].includes(text)) return false;
  throw invalid(name, 'true or false', text);
}

function oneOf<Value extends string>(env: Environment, name: string, values: readonly Value[], fallback: Value): Value {
  const text = nonEmpty(env[name]);
  if (text === undefined) return fallback;
  const found = values.find((value) => value === text);
  if (found === undefined) throw invalid(name, `one of ${values.join(', ')}`, text);
  return found;
}

function parsedUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}

function publicUrl(env: Environment): string | null {
  const text = nonEmpty(env['DATACRAFT_URL']);
  if (text === undefined) return null;
  const url = parsedUrl(text);
  if (!url || !/^https?:$/.test(url.protocol) || url.pathname !== '/') {
    throw invalid('DATACRAFT_URL', 'an address such as https://data.example.com', text);
  }
  return url.origin;
}

function databaseUrl(env: Environment): string | null {
  const text = nonEmpty(env['DATABASE_URL']);
  if (text === undefined) return null;
  const url = parsedUrl(text);
  if (!url || !/^postgres(ql)?:$/.test(url.protocol)) {
    const shown = text.replace(/:[^:@/]*@/, ':***@');
    throw invalid('DATABASE_URL', 'postgres://user:password@host:port/database', shown);
  }
  return text;
}

function redisUrl(env: Environment): string | null {
  const text = nonEmpty(env['REDIS_URL']);
  if (text === undefined) return null;
  const url = parsedUrl(text);
  if (!url || !/^rediss?:$/.test(url.protocol) || url.hostname === '') {
    const shown = text.replace(/:[^:@/]*@/, ':***@');
    throw invalid('REDIS_URL', 'redis://user:password@host:port/number, or rediss:// for TLS', shown);
  }
  return text;
}

function lakeUrl(env: Environment, dataDir: string): string {
  const text = nonEmpty(env['DATACRAFT_LAKE_URL']);
  if (text === undefined) return pathToFileURL(path.join(dataDir, 'lake')).href;
  const url = parsedUrl(text);
  if (!url || !/^(file|s3):$/.test(url.protocol) || (url.protocol === 's3:' && url.host === '')) {
    throw invalid('DATACRAFT_LAKE_URL', 'file:///folder or s3://bucket/prefix', text);
  }
  return text.replace(/\/+$/, '');
}

function openLineageUrl(env: Environment): string | null {
  const text = nonEmpty(env['DATACRAFT_OPENLINEAGE_URL']);
  if (text === undefined) return null;
  const url = parsedUrl(text);
  if (!url || !/^(https?|file):$/.test(url.protocol)) {
    const shown = text.replace(/:[^:@/]*@/, ':***@');
    throw invalid('DATACRAFT_OPENLINEAGE_URL', 'https://host/api/v1/lineage or file:///path/events.ndjson', shown);
  }
  return text;
}

function secretKey(env: Environment): string | null {
  const text = nonEmpty(env['DATACRAFT_SECRET_KEY']);
  if (text !== undefined && text.length < 32) {
    throw new Fault('config-invalid', `DATACRAFT_SECRET_KEY: expected at least 32 characters, got ${text.length}`);
  }
  return text ?? null;
}

function listOf(env: Environment, name: string, delimiter: string): string[] {
  const parts = nonEmpty(env[name])?.split(delimiter) ?? [];
  return parts.map((one) => one.trim()).filter(Boolean);
}

function allowedPaths(env: Environment): string[] {
  return listOf(env, 'DATACRAFT_ALLOWED_PATHS', path.delimiter).map((one) => {
    if (!path.isAbsolute(one))
      throw invalid('DATACRAFT_ALLOWED_PATHS', `absolute paths, separated by "${path.delimiter}"`, one);
    return path.normalize(one);
  });
}

function usableDir(dataDir: string): string {
  const found = statSync(dataDir, { throwIfNoEntry: false });
  if (found && !found.isDirectory()) throw invalid('DATACRAFT_DATA_DIR', 'a folder', dataDir);
  return dataDir;
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}
