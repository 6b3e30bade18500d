import type { Node } from './tree.ts';
import { nodeOf, nodesOf, textOf, textsOf, valueText } from './tree.ts';

/** What DuckDB calls an expression without an alias, for the usual ones. */
export function nameOf(node: Node): string {
  const last = textsOf(node['column_names']).at(-1);
  return node['class'] === 'COLUMN_REF' && last !== undefined ? last : printed(node);
}

const comparisonWords: Record<string, string> = {
  COMPARE_EQUAL: '=',
  COMPARE_NOTEQUAL: '!=',
  COMPARE_LESSTHAN: '<',
  COMPARE_GREATERTHAN: '>',
  COMPARE_LESSTHANOREQUALTO: '<=',
  COMPARE_GREATERTHANOREQUALTO: '>=',
  COMPARE_DISTINCT_FROM: 'IS DISTINCT FROM',
  COMPARE_NOT_DISTINCT_FROM: 'IS NOT DISTINCT FROM',
};

function printed(node: Node): string {
  const children = nodesOf(node['children']).map(argument);
  switch (node['class']) {
    case 'COLUMN_REF':
      return textsOf(node['column_names']).map(quoted).join('.');
    case 'CONSTANT':
      return constant(nodeOf(node['value']));
    case 'FUNCTION':
      return call(node, children);
    case 'WINDOW':
      return `${textOf(node['function_name'])}(${children.join(', ')}) OVER (${over(node)})`;
    case 'COMPARISON':
      return `(${side(node, 'left')} ${comparisonWords[textOf(node['type'])] ?? ''} ${side(node, 'right')})`;
    case 'CONJUNCTION':
      return `(${children.join(node['type'] === 'CONJUNCTION_AND' ? ' AND ' : ' OR ')})`;
    case 'CAST':
      return `CAST(${side(node, 'child')} AS ${castWord(nodeOf(node['cast_type']))})`;
    case 'BETWEEN':
      return `(${side(node, 'input')} BETWEEN ${side(node, 'lower')} AND ${side(node, 'upper')})`;
    case 'PARAMETER':
      return `$${String(node['identifier'])}`;
    default:
      return operator(textOf(node['type']), children);
  }
}

function side(node: Node, key: string): string {
  const inner = nodeOf(node[key]);
  return inner === null ? '' : printed(inner);
}

function argument(node: Node): string {
  const alias = textOf(node['alias']);
  return alias === '' ? printed(node) : `${quoted(alias)} := ${printed(node)}`;
}

function call(node: Node, children: readonly string[]): string {
  const name = textOf(node['function_name']);
  if (node['is_operator'] === true) {
    return children.length === 1 ? `${name}(${children[0] ?? ''})` : `(${children.join(` ${name} `)})`;
  }
  const schema = textOf(node['schema']);
  const word = name === 'row' ? '"row"' : name;
  return `${schema === '' ? '' : `${schema}.`}${word}(${node['distinct'] === true ? 'DISTINCT ' : ''}${children.join(', ')})`;
}

function operator(type: string, children: readonly string[]): string {
  const [first = '', ...others] = children;
  switch (type) {
    case 'OPERATOR_IS_NULL':
      return `(${first} IS NULL)`;
    case 'OPERATOR_IS_NOT_NULL':
      return `(${first} IS NOT NULL)`;
    case 'OPERATOR_NOT':
      return `(NOT ${first})`;
    case 'OPERATOR_COALESCE':
      return `COALESCE(${children.join(', ')})`;
    case 'COMPARE_IN':
      return `(${first} IN (${others.join(', ')}))`;
    case 'COMPARE_NOT_IN':
      return `(${first} NOT IN (${others.join(', ')}))`;
    case 'ARRAY_EXTRACT':
      return `${first}[${others.join('')}]`;
    case 'ARRAY_SLICE':
      return `${first}[${others.join(':')}]`;
    default:
      return `${type.toLowerCase()}(${children.join(', ')})`;
  }
}

function over(node: Node): string {
  const partitions = nodesOf(node['partitions']).map(printed);
  const orders = nodesOf(node['orders']).flatMap((order) => nodesOf([order['expression']]).map(printed));
  return [
    ...(partitions.length === 0 ? [] : [`PARTITION BY ${partitions.join(', ')}`]),
    ...(orders.length === 0 ? [] : [`ORDER BY ${orders.join(', ')}`]),
  ].join(' ');
}

function constant(value: Node | null): string {
  const text = valueText(value);
  if (text === null) return 'NULL';
  const type = nodeOf(value?.['type']);
  if (type?.['id'] !== 'DECIMAL') return type?.['id'] === 'VARCHAR' ? `'${text.replaceAll("'", "''")}'` : text;
  const scale = Number(nodeOf(type['type_info'])?.['scale'] ?? 0);
  return scale === 0 ? text : text.padStart(scale + 1, '0').replace(new RegExp(`(\\d{${scale}})$`), '.$1');
}

function castWord(type: Node | null): string {
  const id = textOf(type?.['id']);
  const info = nodeOf(type?.['type_info']);
  if (id === 'DECIMAL') return `DECIMAL(${String(info?.['width'])},${String(info?.['scale'])})`;
  return /^(DATE|DOUBLE|FLOAT|TIME|TIMESTAMP)$/.test(id) ? `"${id}"` : id;
}

function quoted(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
