import { Fault } from '@datacraft/shared';

interface Explanation {
  readonly pattern: RegExp;
  readonly code: 'disk-full' | 'database-unavailable';
  readonly sentence: (home: string) => string;
}

const explanations: readonly Explanation[] = [
  {
    pattern: /No space left on device|Check free disk space|ENOSPC|disk quota exceeded/i,
    code: 'disk-full',
    sentence: (home) => `the disk that holds ${home} is full; free some space and start again, nothing was lost`,
  },
  {
    pattern:
      /could not locate a valid checkpoint|invalid primary checkpoint|is not a valid data directory|could not open file "?global|incorrect checksum in control file|could not read file "global\/pg_control|could not find the database system|invalid (magic number|page)|base\/\d+.*(does not exist|No such file)|could not open directory "pg_|configuration file .*contains errors|could not access the server configuration file|PG_CONTROL_VERSION 0,|PANIC:/i,
    code: 'database-unavailable',
    sentence: (home) =>
      `the database in ${home} is damaged; restore it from a backup, or move that folder away to begin with an empty database (see ${home}/log)`,
  },
  {
    pattern: /database files are incompatible with server|initialized by PostgreSQL version/i,
    code: 'database-unavailable',
    sentence: (home) =>
      `the database in ${home} was made by another PostgreSQL version; start the DataCraft version that made it, or dump and restore it`,
  },
  {
    pattern: /Permission denied|EACCES|wrong ownership|has group or world access/i,
    code: 'database-unavailable',
    sentence: (home) =>
      `the database in ${home} may not be read by the user that runs it; start DataCraft as the user who made it, or mend the folder's owner`,
  },
  {
    pattern: /could not look up effective user ID/i,
    code: 'database-unavailable',
    sentence: () =>
      'this user id has no name on this machine, which PostgreSQL needs; add it to /etc/passwd, start as another user, or set DATABASE_URL',
  },
  {
    pattern: /could not create shared memory|could not map anonymous shared memory|Cannot allocate memory|ENOMEM/i,
    code: 'database-unavailable',
    sentence: () => 'there is too little memory to start PostgreSQL; free some, or set DATABASE_URL to another one',
  },
];

/** One sentence for what PostgreSQL said in its log, with what to do next. */
export function explainFailure(said: string, place: { readonly home: string }): Fault {
  const found = explanations.find((one) => one.pattern.test(said));
  if (found) return new Fault(found.code, found.sentence(place.home), {}, { cause: new Error(said) });
  const last = said.trim().split('\n').at(-1) ?? 'it said nothing';
  return new Fault(
    'database-unavailable',
    `the embedded PostgreSQL did not start: ${last} (see ${place.home}/log)`,
    {},
    { cause: new Error(said) },
  );
}

/** PostgreSQL says these while a killed predecessor is still going away; they pass. */
export function isPassing(said: string): boolean {
  return /lock file "postmaster.pid" already exists|pre-existing shared memory block|is another postmaster|Address already in use|could not bind|could not create any TCP\/IP sockets/i.test(
    said,
  );
}
