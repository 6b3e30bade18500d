import { stringify } from 'yaml';
import type { Json } from '../../json.ts';

/** Any value as block YAML that readers of YAML 1.1 and 1.2 take alike: for files of other programs, not for notebooks. */
export function writeYaml(value: Json): string {
  return stringify(value, { version: '1.1', lineWidth: 100, aliasDuplicateObjects: false });
}
