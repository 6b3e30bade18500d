import { describe, expect, it } from 'vitest';
import { explainFailure, isPassing } from './explain.ts';

describe('explainFailure', () => {
  it.each([
    ['FATAL:  could not write to file "pg_wal/xlogtemp.1": No space left on device', 'disk-full', 'is full'],
    [
      'FATAL:  could not extend file "base/1/2": wrote only 4096 of 8192 bytes\nHINT:  Check free disk space.\nPANIC:  x',
      'disk-full',
      'is full',
    ],
    [
      'FATAL:  database files are incompatible with server\nDETAIL: initialized by PostgreSQL version 17',
      'database-unavailable',
      'another PostgreSQL version',
    ],
    ['FATAL:  could not read file "global/pg_control": read 0 of 296', 'database-unavailable', 'is damaged'],
    ['PANIC:  could not locate a valid checkpoint record', 'database-unavailable', 'is damaged'],
    ['FATAL:  data directory "/x" has wrong ownership', 'database-unavailable', 'may not be read'],
    [
      'initdb: could not look up effective user ID 12: user does not exist',
      'database-unavailable',
      'no name on this machine',
    ],
    ['something new', 'database-unavailable', 'something new'],
  ])('says of "%s" what happened and what to do', (said, code, part) => {
    const fault = explainFailure(said, { home: '/data/pg' });
    expect(fault.code).toBe(code);
    expect(fault.message).toContain(part);
    expect(fault.message).not.toContain('\n');
  });
});

describe('isPassing', () => {
  it('tells what a dying predecessor causes from what stays', () => {
    expect(isPassing('FATAL:  lock file "postmaster.pid" already exists')).toBe(true);
    expect(isPassing('FATAL:  pre-existing shared memory block (key 1, ID 2) is still in use')).toBe(true);
    expect(isPassing('FATAL:  could not create any TCP/IP sockets')).toBe(true);
    expect(isPassing('PANIC:  could not locate a valid checkpoint record')).toBe(false);
  });
});
