import { Fault, say } from '@datacraft/shared';

const STEP = /\.([A-Za-z_][A-Za-z0-9_-]*)|\[(?:'([^']*)'|"([^"]*)"|(\d+))\]/y;

/** What a path such as `$.data.items`, `meta.next` or `$['a b'][0]` leads to; undefined where it leads nowhere. */
export function valueAt(document: unknown, path: string, key: string): unknown {
  let value = document;
  for (const step of stepsOf(path, key)) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[step];
  }
  return value;
}

function stepsOf(path: string, key: string): string[] {
  const rooted = path.startsWith('$') ? path.slice(1) : path.startsWith('[') ? path : `.${path}`;
  const text = rooted.replace(/\[\*\]$/, '');
  const steps: string[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < text.length) {
    const at = STEP.lastIndex;
    const found = STEP.exec(text);
    if (!found)
      throw new Fault(
        'bad-request',
        say('{key}: {path} is not a path such as $.data.items (at "{text}")', { key, path, text: text.slice(at) }),
        {
          field: key,
        },
      );
    steps.push(found[1] ?? found[2] ?? found[3] ?? found[4] ?? '');
  }
  return steps;
}
