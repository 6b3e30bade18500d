import type { JsonObject } from '../../json.ts';
import type { CellKind } from '../cell.ts';
import { canonicalKeys } from '../spec/validate.ts';
import { readYaml, type YamlProblem } from './yaml-read.ts';
import { writeMap } from './yaml-write.ts';

/** A cell's config as the text form writes it; empty for an empty config. */
export function writeConfigText(kind: CellKind, config: JsonObject): string {
  return writeMap(config, canonicalKeys(kind, config)).join('\n');
}

/** Reads what a person typed as a config; problems stand at lines and columns of the text. */
export function readConfigText(text: string): { config: JsonObject; problems: readonly YamlProblem[] } {
  const { value, problems } = readYaml(text.replace(/\r\n?/g, '\n').split('\n'), 1);
  return { config: value, problems };
}
