import { resolve } from './scope.ts';
import type { Env } from './scope.ts';
import { elementOf, fieldType, structType, typeOfCast } from './struct-type.ts';
import type { Node } from './tree.ts';
import { constantOf, nodeOf, nodesOf, textOf, textsOf } from './tree.ts';
import { nameOf } from './expression-name.ts';

/** The type of an expression as far as fields of structs need it; null where it is not followed. */
export function typeOf(node: Node, env: Env): string | null {
  const children = nodesOf(node['children']);
  const [first, second] = children;
  if (node['class'] === 'STAR') return env.each?.type ?? null;
  if (node['class'] === 'COLUMN_REF') return resolve(textsOf(node['column_names']), env.scope)?.type ?? null;
  if (node['class'] === 'CAST') return typeOfCast(nodeOf(node['cast_type']));
  if (node['type'] === 'ARRAY_EXTRACT' && first !== undefined) {
    const whole = typeOf(first, env);
    return elementOf(whole) ?? fieldType(whole, [constantOf(second ?? null) ?? '']);
  }
  switch (textOf(node['function_name'])) {
    case 'struct_pack':
      return structType(
        children.map((child) => ({ name: textOf(child['alias']) || nameOf(child), type: typeOf(child, env) })),
      );
    case 'list_value':
      return first === undefined ? null : `${typeOf(first, env) ?? 'UNKNOWN'}[]`;
    case 'list':
    case 'array_agg':
      return first === undefined ? null : `${typeOf(first, env) ?? 'UNKNOWN'}[]`;
    case 'unnest':
      return first === undefined ? null : elementOf(typeOf(first, env));
    case 'struct_extract':
      return first === undefined ? null : fieldType(typeOf(first, env), [constantOf(second ?? null) ?? '']);
    case 'any_value':
    case 'first':
    case 'last':
    case 'max':
    case 'min':
      return first === undefined ? null : typeOf(first, env);
    default:
      return null;
  }
}
