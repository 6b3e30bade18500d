import type { FaultCode, FaultFacts } from '@datacraft/shared';

/** A DuckDB error as a fault: its code, its sentence without our paths, and where in the statement it is. */
export interface EngineFault {
  readonly code: FaultCode;
  readonly message: string;
  readonly facts: FaultFacts;
}

interface Reported {
  readonly type: string;
  readonly message: string;
  readonly position: number | null;
  readonly candidates: string;
}

/** `errors_as_json` is set in every session; parser errors carry a prefix before the JSON. */
export function engineFault(error: unknown, sql: string): EngineFault {
  const reported = readError(error instanceof Error ? error.message : String(error));
  const offset = reported.position === null ? undefined : utf16Offset(sql, reported.position);
  return {
    code: codeOf(reported),
    message: cleaned(reported.message),
    facts: {
      sql,
      ...(offset === undefined ? {} : { offset }),
      ...(reported.candidates === '' ? {} : { hint: `did you mean ${reported.candidates}?` }),
    },
  };
}

function readError(text: string): Reported {
  const start = text.indexOf('{');
  if (start >= 0) {
    try {
      const json = JSON.parse(text.slice(start)) as Record<string, unknown>;
      return {
        type: String(json['exception_type'] ?? ''),
        message: String(json['exception_message'] ?? text),
        position: /^\d+$/.test(String(json['position'] ?? '')) ? Number(json['position']) : null,
        candidates: String(json['candidates'] ?? ''),
      };
    } catch {
      // Not JSON after all: the text itself is the message.
    }
  }
  const type = /^([A-Za-z ]+?) Error: /.exec(text)?.[1] ?? '';
  return { type, message: text.replace(/^[A-Za-z ]+? Error: /, ''), position: null, candidates: '' };
}

function codeOf({ type, message }: Reported): FaultCode {
  if (/interrupt/i.test(type)) return 'cancelled';
  if (/permission/i.test(type) || /disabled by configuration|configuration has been locked/i.test(message))
    return 'query-refused';
  if (/no space left|max_temp_directory_size|disk full/i.test(message)) return 'disk-full';
  if (/out of memory/i.test(type) || /out of memory|could not allocate|failed to allocate/i.test(message))
    return 'out-of-memory';
  return 'query-failed';
}

/** Paths of the server are nobody's business; what follows a blank line is advice about the engine's own settings. */
function cleaned(message: string): string {
  const [first = ''] = message.split('\n\n');
  return first.replace(/"?\/(?:[^\s"'/]+\/)+([^\s"'/]*)"?/g, '$1').trim();
}

/** DuckDB counts bytes of UTF-8. */
function utf16Offset(sql: string, byteOffset: number): number {
  const bytes = Buffer.from(sql, 'utf8');
  return bytes.subarray(0, Math.min(byteOffset, bytes.length)).toString('utf8').length;
}
