/**
 * What went wrong in the browser engine, sorted by what to do about it.
 *
 * `text`: the user's text is at fault; shown in place. `unsupported` and `memory`: the browser cannot, the server can.
 * `missing`: a name that is not there yet; the caller may bring it and try again. `cancelled`: nobody waits any more.
 * `crash`: the engine is no longer to be trusted and is replaced.
 */
export type EngineFailure =
  | { readonly kind: 'text'; readonly message: string; readonly offset: number | null }
  | { readonly kind: 'missing'; readonly message: string; readonly offset: number | null; readonly name: string }
  | { readonly kind: 'unsupported' | 'memory' | 'cancelled' | 'crash'; readonly message: string };

const UNSUPPORTED = [
  /exists in the \w+ extension/i,
  /extension autoloading/i,
  /required extension/i,
  /extension ".*" (is an existing extension|not found)/i,
  /needs? (the )?"?(icu|json|parquet)"? extension/i,
  /requires the (icu|json|parquet)/i,
  /please (install|load) .*(icu|json|parquet)/i,
  /no function matches .*TIMESTAMP WITH TIME ZONE/i,
  /Type with name JSON does not exist/i,
  /Unimplemented type for cast .*TIMESTAMP WITH TIME ZONE/i,
  // Models answer on the server.
  /function with name predict_\w+ does not exist/i,
];
const MEMORY = [/out of memory/i, /memory limit/i, /could not allocate/i, /bad_alloc/i];
const CRASH = [
  /memory access out of bounds/i,
  /function signature mismatch/i,
  /table index is out of bounds/i,
  /unreachable/i,
  /null function/i,
  /maximum call stack/i,
  /worker (stopped|failed)/i,
];
const CANCELLED = [/query was cancell?ed/i, /^INTERRUPT/i, /interrupted/i];

interface Report {
  readonly type: string;
  readonly message: string;
  readonly offset: number | null;
  readonly name: string | null;
}

/** Reads `errors_as_json` text, with or without a prefix before the brace, or the plain form `X Error: …`. */
export function readFailure(error: unknown): EngineFailure {
  const text = error instanceof Error ? error.message : String(error);
  const report = parseReport(text);
  const { message, offset } = report;
  const said = `${report.type}: ${message}`;
  if (CANCELLED.some((pattern) => pattern.test(said))) return { kind: 'cancelled', message };
  if (CRASH.some((pattern) => pattern.test(said))) return { kind: 'crash', message };
  if (MEMORY.some((pattern) => pattern.test(said))) return { kind: 'memory', message };
  if (UNSUPPORTED.some((pattern) => pattern.test(said))) return { kind: 'unsupported', message };
  const name = report.name ?? /Table with name "?([^"!\s]+)"? does not exist/.exec(message)?.[1] ?? null;
  if (name !== null && /^Table with name/.test(message)) return { kind: 'missing', message, offset, name };
  return { kind: 'text', message, offset };
}

function parseReport(text: string): Report {
  const brace = text.indexOf('{');
  if (brace >= 0) {
    const facts = parseFacts(text.slice(brace));
    if (facts !== null) return facts;
  }
  const [, type = '', rest = text] = /^(\w[\w ]*?)(?: Error)?: ([\s\S]*)$/.exec(text) ?? [];
  return { type, message: firstParagraph(rest), offset: null, name: null };
}

function parseFacts(json: string): Report | null {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    // Not the JSON form: a message may well hold a brace.
    return null;
  }
  if (typeof value !== 'object' || value === null || !('exception_message' in value)) return null;
  const facts = value as Record<string, unknown>;
  const position = Number.parseInt(String(facts['position'] ?? ''), 10);
  return {
    type: String(facts['exception_type'] ?? ''),
    message: firstParagraph(String(facts['exception_message'])),
    offset: Number.isFinite(position) ? position : null,
    name: facts['type'] === 'Table' && typeof facts['name'] === 'string' ? facts['name'] : null,
  };
}

/** DuckDB appends `LINE 1: …` and a caret; the place is shown in the editor instead. */
function firstParagraph(message: string): string {
  const end = message.search(/\n\s*LINE \d+:/);
  return (end >= 0 ? message.slice(0, end) : message).trim();
}
