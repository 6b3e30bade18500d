import { describe, expect, it } from 'vitest';
import { parseS3Path } from './pattern.ts';
import { signed } from './sign.ts';

describe('an s3 path', () => {
  it.each([
    ['s3://lake/a/*.csv', ['a/x.csv'], ['a/b/x.csv', 'a/x.json', 'ba/x.csv']],
    ['s3://lake/a/**/*.csv', ['a/x.csv', 'a/b/c/x.csv'], ['x.csv']],
    ['s3://lake/a/', ['a/x', 'a/b/x'], ['b/x']],
    [
      's3://lake/d=2026-0[1-3]/{x,y}?.csv',
      ['d=2026-02/x1.csv', 'd=2026-03/y9.csv'],
      ['d=2026-04/x1.csv', 'd=2026-01/z1.csv'],
    ],
    ['s3://lake/a.b+c', ['a.b+c'], ['axb+c', 'a.bbc']],
  ])('%s matches what it says', (path, yes, no) => {
    const { bucket, prefix, matches } = parseS3Path(path);
    expect(bucket).toBe('lake');
    expect(yes.filter((key) => matches(key) && key.startsWith(prefix))).toEqual(yes);
    expect(no.filter(matches)).toEqual([]);
  });

  it('needs a bucket and a key', () => {
    expect(() => parseS3Path('s3://lake')).toThrow('s3://bucket/key');
  });
});

describe('a signature', () => {
  // The example "GET Object" of Amazon's documentation of Signature Version 4 for S3.
  it('is the one that is published for a known request', () => {
    const signer = {
      region: 'us-east-1',
      accessKey: 'AKIAIOSFODNN7EXAMPLE',
      secretKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      sessionToken: null,
    };
    const url = new URL('https://examplebucket.s3.amazonaws.com/test.txt');
    const request = { method: 'GET', url, headers: { range: 'bytes=0-9' }, body: '' };
    const headers = signed(request, signer, new Date('2013-05-24T00:00:00Z'));
    expect(headers['authorization']).toContain(
      'Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    );
  });
});
