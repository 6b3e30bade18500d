import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault, isFault, parseNotebook } from '@datacraft/shared';

/** Runnable by whoever has nothing yet, in the order they are offered. */
const names = ['ecommerce', 'finance', 'sales', 'sales-stream', 'agro'] as const;
export const exampleLanguages = ['en', 'pt-BR'] as const;
type ExampleLanguage = (typeof exampleLanguages)[number];

interface Example {
  readonly name: string;
  readonly title: string;
  readonly description: string;
}

/** Those that are installed, in the language where they have it. */
export async function listExamples(dir: string, language: ExampleLanguage): Promise<Example[]> {
  const found: Example[] = [];
  for (const name of names) {
    const text = await exampleText(dir, name, language).catch((error: unknown) => {
      if (isFault(error, 'not-found')) return null;
      throw error;
    });
    if (text === null) continue;
    const { title, meta } = parseNotebook(text).notebook;
    found.push({ name, title, description: typeof meta['description'] === 'string' ? meta['description'] : '' });
  }
  return found;
}

export async function exampleText(dir: string, name: string, language: ExampleLanguage): Promise<string> {
  const known = names.find((each) => each === name);
  if (known === undefined)
    throw new Fault('not-found', `there is no example called "${name}"; expected ${names.join(', ')}`);
  const files = language === 'pt-BR' ? ['notebook.pt.md', 'notebook.md'] : ['notebook.md'];
  for (const file of files) {
    const text = await readFile(join(dir, known, file), 'utf8').catch(unlessMissing);
    if (text !== null) return text;
  }
  throw new Fault('not-found', `the example ${known} is not installed beside this server`);
}

/** What its sources read goes with a notebook's own files. */
export async function copyExampleData(dir: string, name: string, to: string): Promise<void> {
  await cp(join(dir, name, 'data'), join(to, 'data'), { recursive: true }).catch(unlessMissing);
}

function unlessMissing(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
  throw error;
}
