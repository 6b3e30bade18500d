import type { FaultCode, FaultFacts, ParamValue, ResultPage } from '@datacraft/shared';
import type { Column } from '@datacraft/shared';
import type { SqlTree } from '../session.ts';

/** What the pool tells a child. One request at a time, but for `interrupt`, which concerns the one that runs. */
export type Request =
  | {
      readonly op: 'open';
      readonly readable: readonly string[];
      readonly writableDir: string | null;
      readonly memoryLimitMb: number;
      readonly threads: number;
    }
  | { readonly op: 'run'; readonly sql: string; readonly params: Params }
  | {
      readonly op: 'rows';
      readonly sql: string;
      readonly params: Params;
      readonly limit: number | null;
      readonly countTotal: boolean;
    }
  | {
      readonly op: 'arrow';
      readonly sql: string;
      readonly params: Params;
      readonly limit: number | null;
      readonly file: string;
    }
  | { readonly op: 'describe'; readonly sql: string; readonly params: Params }
  | { readonly op: 'set-variable'; readonly name: string; readonly value: ParamValue; readonly type: string | null }
  | { readonly op: 'parse'; readonly sql: string }
  | { readonly op: 'close' };

export type Params = Readonly<Record<string, ParamValue>>;

export interface ArrowAnswer {
  readonly columns: readonly Column[];
  readonly rowCount: number;
  readonly sizeBytes: number;
  readonly truncated: boolean;
}

export type Answer = null | ResultPage | ArrowAnswer | readonly Column[] | SqlTree;

export type ToChild =
  { readonly kind: 'request'; readonly id: number; readonly request: Request } | { readonly kind: 'interrupt' };

export type FromChild =
  | { readonly kind: 'ready' }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: Answer }
  | {
      readonly kind: 'fault';
      readonly id: number;
      readonly code: FaultCode;
      readonly message: string;
      readonly facts: FaultFacts;
    }
  | {
      readonly kind: 'progress';
      readonly id: number;
      readonly percent: number | null;
      readonly rows: number | null;
      readonly total: number | null;
    }
  | { readonly kind: 'memory'; readonly rssBytes: number };
