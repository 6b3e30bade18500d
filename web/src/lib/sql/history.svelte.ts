export interface PastQuery {
  sql: string;
  at: string;
  ms: number;
  rows: number;
  failed: boolean;
}

const listKey = 'sql/history';
const draftKey = 'sql/draft';

/** Queries of this person on this browser, newest first; the same text is kept once. */
export class QueryHistory {
  list = $state.raw<readonly PastQuery[]>(readList());

  get draft(): string {
    return localStorage.getItem(draftKey) ?? '';
  }
  set draft(text: string) {
    localStorage.setItem(draftKey, text);
  }

  add(entry: PastQuery): void {
    this.#keep([entry, ...this.list.filter((past) => past.sql !== entry.sql)].slice(0, 50));
  }
  clear(): void {
    this.#keep([]);
  }

  #keep(list: readonly PastQuery[]): void {
    this.list = list;
    localStorage.setItem(listKey, JSON.stringify(list));
  }
}

function readList(): PastQuery[] {
  const stored: unknown = JSON.parse(localStorage.getItem(listKey) ?? '[]');
  return Array.isArray(stored) ? stored.filter(isPastQuery) : [];
}

function isPastQuery(value: unknown): value is PastQuery {
  return (
    typeof value === 'object' && value !== null && 'sql' in value && typeof value.sql === 'string' && 'at' in value
  );
}
