import type { Column, FaultCode, FaultFacts, ParamValue, ResultPage, Said } from '@datacraft/shared';
import type { Progress, SessionModel } from './session.ts';

/** What a child needs to know to open a session: trusted values only. */
export interface SessionSettings {
  readonly readable: readonly string[];
  readonly writableDir: string | null;
  readonly models: readonly SessionModel[];
  /** Where DuckDB may spill; it exists and nobody else uses it. */
  readonly spillDir: string | null;
  readonly spillLimitMb: number;
  readonly memoryLimitMb: number;
  readonly threads: number;
}

export interface Statement {
  readonly sql: string;
  readonly params: Readonly<Record<string, ParamValue>>;
}

export interface ArrowSummary {
  readonly columns: readonly Column[];
  readonly rowCount: number;
  readonly sizeBytes: number;
  readonly truncated: boolean;
}

/** Everything a child can be asked, and what it answers. */
export interface Operations {
  /** What the next session can be opened with at once. */
  prepare: { request: Pick<SessionSettings, 'threads'>; answer: null };
  open: { request: SessionSettings; answer: null };
  run: { request: Statement; answer: null };
  /** The rows themselves come before the answer, in `rows` messages. */
  rows: {
    request: Statement & {
      readonly limit: number | null;
      readonly countTotal: boolean;
      readonly maxBytes: number;
    };
    answer: Omit<ResultPage, 'rows'>;
  };
  arrow: { request: Statement & { readonly limit: number | null; readonly file: string }; answer: ArrowSummary };
  describe: { request: Statement; answer: readonly Column[] };
  setVariable: {
    request: { readonly name: string; readonly value: ParamValue; readonly type: string | null };
    answer: null;
  };
  /** The answer of `json_serialize_sql`, still text. */
  parse: { request: { readonly sql: string }; answer: string };
  /** Ends the session; the answer is the memory the child still holds. */
  close: { request: null; answer: { readonly rssBytes: number } };
}

export type OperationName = keyof Operations;

export type Request = { [Name in OperationName]: { name: Name; request: Operations[Name]['request'] } }[OperationName];

export type ToChild =
  { readonly kind: 'request'; readonly id: number; readonly call: Request } | { readonly kind: 'interrupt' };

/** A Fault on the wire. */
export interface Failure {
  readonly code: FaultCode;
  readonly message: string;
  readonly said?: Said;
  readonly facts: FaultFacts;
}

export type FromChild =
  | { readonly kind: 'answer'; readonly id: number; readonly answer: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly failure: Failure }
  | { readonly kind: 'rows'; readonly id: number; readonly rows: unknown[][] }
  | { readonly kind: 'tick'; readonly id: number; readonly progress: Progress; readonly rssBytes: number };
