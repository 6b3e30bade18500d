type Brand<Prefix extends string> = string & { readonly __brand: Prefix };

/** A notebook: in URLs, rooms and database rows. */
export type NotebookId = Brand<'nb'>;
/** A cell: the key of the document's `cells` map; stable across renames and moves. */
export type CellId = Brand<'cell'>;
/** One execution of a plan. */
export type RunId = Brand<'run'>;
/** A person with an account. */
export type UserId = Brand<'usr'>;

const ALPHABET = '0123456789abcdefghijkmnpqrstuvwxyz';

const BRANCH = /^brn_[0-9a-z]{16}$/;

/** A notebook that was forked from another one, told by its id. */
export function isBranchId(id: string | null): id is NotebookId {
  return id !== null && BRANCH.test(id);
}

const ENVIRONMENT_SPACE = /^env_[a-z][a-z0-9_-]{0,30}$/;

/** Where names of tables mean something else than in production: a branch, or a named environment as `env_<name>`. */
export function isSpace(id: string | null): id is string {
  return id !== null && (BRANCH.test(id) || ENVIRONMENT_SPACE.test(id));
}

/** A fresh id such as `run_x3k…`: 16 characters after the prefix, about 81 random bits. */
export function newId<Id extends string>(
  prefix:
    | 'nb'
    | 'brn'
    | 'cell'
    | 'run'
    | 'usr'
    | 'file'
    | 'inv'
    | 'tok'
    | 'trg'
    | 'bkf'
    | 'link'
    | 'grp'
    | 'thr'
    | 'cmt'
    | 'ver'
    | 'alr'
    | 'rul'
    | 'chn'
    | 'inc'
    | 'sil'
    | 'str'
    | 'rep'
    | 'prd'
    | 'qry',
): Id {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16));
  const tail = Array.from(bytes, (byte) => ALPHABET[byte % ALPHABET.length]).join('');
  return `${prefix}_${tail}` as Id;
}
