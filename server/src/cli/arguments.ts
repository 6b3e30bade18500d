import { parseArgs } from 'node:util';
import { Fault } from '@datacraft/shared';

export interface OptionSpec {
  readonly type: 'string' | 'boolean';
  readonly multiple?: boolean;
}

export interface Arguments {
  readonly positionals: readonly string[];
  text(name: string): string | undefined;
  texts(name: string): readonly string[];
  flag(name: string): boolean;
}

/** Reads a command's arguments strictly: an unknown option or a missing value is a usage error (exit 64). */
export function readArguments(args: readonly string[], options: Readonly<Record<string, OptionSpec>>): Arguments {
  const { values, positionals } = parseStrictly(args, options);
  const textsOf = (name: string): string[] => {
    const value = values[name];
    return Array.isArray(value) ? value.map(String) : typeof value === 'string' ? [value] : [];
  };
  return {
    positionals,
    text: (name) => textsOf(name).at(-1),
    texts: textsOf,
    flag: (name) => values[name] === true,
  };
}

function parseStrictly(args: readonly string[], options: Readonly<Record<string, OptionSpec>>) {
  try {
    return parseArgs({ args: [...args], options: { ...options }, allowPositionals: true, strict: true });
  } catch (error) {
    throw new Fault('bad-request', error instanceof Error ? error.message : String(error), {}, { cause: error });
  }
}

/** `--param name=value`, repeated. */
export function readAssignments(texts: readonly string[]): Map<string, string> {
  return new Map(
    texts.map((text) => {
      const at = text.indexOf('=');
      if (at < 1) throw new Fault('bad-request', `--param expects name=value, got "${text}"`);
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}
