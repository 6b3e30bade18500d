import { Fault, say } from '@datacraft/shared';

interface S3Pattern {
  readonly bucket: string;
  /** What every matching key begins with. */
  readonly prefix: string;
  matches(key: string): boolean;
}

/** `s3://bucket/prefix/**` + `/*.csv`: `*` and `?` stay within a folder, `**` does not, a final `/` means all below. */
export function parseS3Path(path: string): S3Pattern {
  const [, bucket, key] = /^s3:\/\/([a-z0-9][a-z0-9._-]{1,62})\/(.+)$/.exec(path) ?? [];
  if (bucket === undefined || key === undefined)
    throw new Fault(
      'bad-request',
      say('{path} is no place of objects; its form is s3://bucket/key, with * for many', { path }),
      {
        file: path,
      },
    );
  const glob = key.endsWith('/') ? `${key}**` : key;
  const wild = glob.search(/[*?{[]/);
  const pattern = new RegExp(`^${regexOf(glob)}$`, 's');
  return { bucket, prefix: wild < 0 ? glob : glob.slice(0, wild), matches: (name) => pattern.test(name) };
}

function regexOf(glob: string): string {
  return glob.replace(/\*\*\/?|\*|\?|\{[^{}]*\}|\[[^\]]+\]|[\s\S]/g, (part) => {
    if (part === '**/') return '(?:.*/)?';
    if (part === '**') return '.*';
    if (part === '*') return '[^/]*';
    if (part === '?') return '[^/]';
    if (part.length > 1 && part.startsWith('{')) return `(?:${part.slice(1, -1).split(',').map(literal).join('|')})`;
    if (part.length > 2 && part.startsWith('['))
      return `[${part
        .slice(1, -1)
        .replace(/^!/, '^')
        .replace(/[\\\]]/g, '\\$&')}]`;
    return literal(part);
  });
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
