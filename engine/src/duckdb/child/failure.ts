import { byteOffsetToOffset, Fault, type FaultCode } from '@datacraft/shared';
import type { Failure } from '../wire.ts';

/** DuckDB's own account of an error, as `errors_as_json` writes it. */
interface EngineError {
  readonly type: string;
  readonly message: string;
  readonly position: number | null;
  readonly candidates: string | null;
}

/** Translates whatever a statement threw, once, into what the other rooms understand. */
export function failureOf(error: unknown, sql: string): Failure {
  if (error instanceof Fault)
    return { code: error.code, message: error.message, ...(error.said && { said: error.said }), facts: error.facts };
  const text = error instanceof Error ? error.message : String(error);
  const system = systemFailure(error, text);
  if (system) return system;
  const engine = readEngineError(text);
  if (!engine && error instanceof TypeError) return { code: 'internal', message: text, facts: {} };
  if (!engine) return { code: 'query-failed', message: withoutPaths(firstParagraph(text)), facts: {} };
  const code = codeOf(engine);
  if (code === 'out-of-memory') return { code, message: OUT_OF_MEMORY, facts: {} };
  if (code === 'disk-full') return { code, message: DISK_FULL, facts: {} };
  const offset = code === 'cancelled' ? null : offsetOf(engine, sql);
  const hint = hintOf(engine);
  return {
    code,
    message: withoutPaths(sentenceOf(engine)),
    facts: { ...(offset === null ? {} : { offset }), ...(hint === null ? {} : { hint }) },
  };
}

const OUT_OF_MEMORY =
  'out of memory: the statement needs more than this session may use; read fewer rows or columns, aggregate earlier, or raise the memory limit';
const REFUSED_HINT =
  'SQL sees the cells of its notebook and published tables; files, the network, extensions and settings are closed to it';
const DISK_FULL =
  'no space left: neither the disk nor the spill limit has room for this statement; free space or read less';

function systemFailure(error: unknown, text: string): Failure | null {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ENOSPC' || code === 'EDQUOT') return { code: 'disk-full', message: DISK_FULL, facts: {} };
  const tooLong =
    code === 'ERR_STRING_TOO_LONG' || code === 'ERR_ENCODING_INVALID_ENCODED_DATA' || code === 'ERR_BUFFER_TOO_LARGE';
  if (tooLong || /invalid (string|array|typed array) length|longer than 0x/i.test(text)) {
    return {
      code: 'too-large',
      message: 'a value of the result is too large to send; shorten it in the query',
      facts: {},
    };
  }
  return null;
}

// Errors of the parser carry their type in front of the JSON, the others do not; the binding adds its own words.
const JSON_ERROR = /^(?:Failed to extract statements: )?(?:[A-Z][\w ]* Error: )?(\{"exception_type".*\})\s*$/s;
const PLAIN_ERROR = /^(?:Failed to extract statements: )?([A-Z][\w ]*?) Error: (.*)$/s;

function readEngineError(text: string): EngineError | null {
  const json = JSON_ERROR.exec(text)?.[1];
  if (json !== undefined) {
    const fields = parseFields(json);
    if (fields) {
      const position = Number(fields.position);
      return {
        type: String(fields.exception_type),
        message: String(fields.exception_message),
        position: fields.position === undefined || Number.isNaN(position) ? null : position,
        candidates: typeof fields.candidates === 'string' ? fields.candidates : null,
      };
    }
  }
  const plain = PLAIN_ERROR.exec(text);
  return plain ? { type: plain[1] ?? '', message: plain[2] ?? '', position: null, candidates: null } : null;
}

function parseFields(json: string): Readonly<Record<string, unknown>> | null {
  try {
    return JSON.parse(json) as Record<string, unknown>;
  } catch {
    return null; // DuckDB does not escape every message; the plain reading follows.
  }
}

function codeOf({ type, message }: EngineError): FaultCode {
  if (/no space left|disk quota|max_temp_directory_size|failed to offload data/i.test(message)) return 'disk-full';
  switch (type) {
    case 'Out of Memory':
      return 'out-of-memory';
    case 'Permission':
      return 'query-refused';
    case 'INTERRUPT':
    case 'Interrupt':
      return 'cancelled';
    default:
      return /configuration has been locked|disabled (by|through) configuration/i.test(message)
        ? 'query-refused'
        : 'query-failed';
  }
}

/** DuckDB counts characters for errors of its parser and bytes for all others. */
function offsetOf({ type, position }: EngineError, sql: string): number | null {
  if (position === null) return null;
  return type === 'Parser' ? characterOffset(sql, position) : byteOffsetToOffset(sql, position);
}

export function characterOffset(sql: string, characters: number): number {
  let offset = 0;
  let seen = 0;
  for (const char of sql) {
    if (seen >= characters) break;
    offset += char.length;
    seen += 1;
  }
  return offset;
}

function hintOf(error: EngineError): string | null {
  const { candidates } = error;
  if (codeOf(error) === 'query-refused') return REFUSED_HINT;
  if (!candidates || candidates.includes('(')) return null;
  const names = candidates.split(',').map((name) => name.trim());
  return `did you mean ${names.slice(0, 5).join(', ')}?`;
}

function sentenceOf({ type, message, candidates }: EngineError): string {
  const said = type === 'INTERNAL' || type === 'FATAL' ? firstParagraph(message) : message;
  const repeats = candidates !== null && !candidates.includes('(');
  return (repeats ? said.replace(/\s*\n(Candidate bindings|Did you mean)[^\n]*/g, '') : said)
    .replace(/ ?Use "SET .*$/s, '')
    .trim();
}

function firstParagraph(text: string): string {
  return text.split(/\n\s*\n|\nStack Trace/)[0]?.trim() ?? text;
}

/** Server paths are nobody's business: what remains is the file's own name. */
function withoutPaths(message: string): string {
  return message
    .replace(/(["'])\/(?:[^"'\n]*\/)?([^"'/\n]*)\1/g, '$1$2$1')
    .replace(/(?<=^|[\s([])\/(?:[^/\s"']+\/)+([^/\s"']*)/g, '$1');
}
