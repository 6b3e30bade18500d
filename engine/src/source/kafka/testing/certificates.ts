/** Certificates made while a test runs, by the `openssl` of the machine. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Pair {
  readonly certificate: string;
  readonly key: string;
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

function made(
  name: string,
  args: (file: (name: string) => string) => string[],
  files: Record<string, string> = {},
): Pair {
  const dir = mkdtempSync(join(tmpdir(), 'certificates-'));
  const file = (each: string) => join(dir, each);
  try {
    for (const [each, text] of Object.entries(files)) writeFileSync(file(each), text);
    const out = ['-subj', `/CN=${name}`, '-keyout', file('key'), '-out', file('crt')];
    execFileSync('openssl', ['req', '-x509', ...KEY, ...out, ...args(file)], { stdio: 'pipe' });
    return { certificate: readFileSync(file('crt'), 'utf8'), key: readFileSync(file('key'), 'utf8') };
  } finally {
    rmSync(dir, { recursive: true });
  }
}

export function makeCa(name: string): Pair {
  return made(name, () => ['-days', '30']);
}

/** Signed by `ca`, for `localhost` unless `san` says otherwise. */
export function makeSigned(ca: Pair, name: string, san = 'DNS:localhost'): Pair {
  const extensions = ['-addext', `subjectAltName=${san}`, '-addext', 'basicConstraints=critical,CA:FALSE'];
  return made(name, (file) => ['-CA', file('ca'), '-CAkey', file('cakey'), '-days', '30', ...extensions], {
    ca: ca.certificate,
    cakey: ca.key,
  });
}
