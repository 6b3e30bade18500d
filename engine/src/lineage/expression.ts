import { isAggregate } from './aggregate.ts';
import type { Flow, Indirect } from './flow.ts';
import { deciding, flowOfColumn, nothing, through, union } from './flow.ts';
import { allColumns } from './relation.ts';
import type { Env } from './scope.ts';
import { resolve, shown } from './scope.ts';
import { starColumns } from './star.ts';
import type { Node } from './tree.ts';
import { childrenOf, nodeOf, nodesOf, positionOf, textOf, textsOf } from './tree.ts';

/** What an expression is made of. */
export function flowOf(node: Node | null, env: Env): Flow {
  if (node === null) return nothing;
  switch (node['class']) {
    case 'CONSTANT':
      return nothing;
    case 'COLUMN_REF':
      return flowOfName(textsOf(node['column_names']), env);
    case 'PARAMETER':
      return flowOfColumn(`$${String(node['identifier'])}`, String(node['identifier']));
    case 'FUNCTION':
      return flowOfCall(node, env);
    case 'WINDOW':
      return flowOfWindow(node, env);
    case 'CASE':
      return flowOfCase(node, env);
    case 'SUBQUERY':
      return flowOfSubquery(node, env);
    case 'STAR':
      return env.each?.flow ?? union(starColumns(node, env).map(({ flow }) => flow));
    case 'POSITIONAL_REFERENCE':
      return shown(env.scope.sources)[Number(node['index']) - 1]?.flow ?? nothing;
    default:
      return flowOfOther(node, env);
  }
}

/** What several expressions decide together. */
export function decidedBy(nodes: readonly Node[], kind: Indirect, env: Env): Flow {
  return deciding(union(nodes.map((node) => flowOf(node, env))), kind);
}

/** Words that stand for a value without brackets are names to the parser. */
const bareWords = new Set(
  'current_date current_time current_timestamp current_user current_role current_catalog current_schema localtime localtimestamp session_user user rowid'.split(
    ' ',
  ),
);

function flowOfName(names: readonly string[], env: Env): Flow {
  const [first = ''] = names;
  if (env.lambdas.has(first.toLowerCase())) return nothing;
  const found = resolve(names, env.scope);
  if (found !== null) return found.flow;
  if (!bareWords.has((names.at(-1) ?? '').toLowerCase()))
    env.context.gaps.add(`no column is known as \`${names.join('.')}\``);
  return nothing;
}

function flowOfCall(node: Node, env: Env): Flow {
  const inner = nodesOf(node['children']).map((child) =>
    child['class'] === 'LAMBDA' && takesLambda(node) ? flowOfLambda(child, env) : flowOf(child, env),
  );
  return union([
    through(union(inner), isAggregate(node) ? 'aggregate' : 'transform'),
    decidedBy(ordersOf(nodeOf(node['order_bys'])?.['orders']), 'sort', env),
    deciding(flowOf(nodeOf(node['filter']), env), 'filter'),
  ]);
}

export function ordersOf(orders: unknown): readonly Node[] {
  return nodesOf(orders).flatMap((order) => nodesOf([order['expression']]));
}

/** `j -> 'key'` is a lambda to the parser too: only these functions take real ones. */
const lambdaFunctions = /^(list|array)_(transform|apply|filter|reduce)$|^(apply|filter|reduce)$/;

function takesLambda(node: Node): boolean {
  return lambdaFunctions.test(textOf(node['function_name']).toLowerCase());
}

function flowOfLambda(node: Node, env: Env): Flow {
  const left = nodeOf(node['lhs']);
  const given = left?.['class'] === 'COLUMN_REF' ? [left] : nodesOf(left?.['children']);
  const names = given.flatMap((each) => textsOf(each['column_names'])).map((name) => name.toLowerCase());
  return flowOf(nodeOf(node['expr']), { ...env, lambdas: new Set([...env.lambdas, ...names]) });
}

const argumentsOfWindow = ['offset_expr', 'default_expr', 'start_expr', 'end_expr'];

function flowOfWindow(node: Node, env: Env): Flow {
  const values = [...nodesOf(node['children']), ...nodesOf(argumentsOfWindow.map((key) => node[key]))];
  return union([
    through(union(values.map((value) => flowOf(value, env))), isAggregate(node) ? 'aggregate' : 'transform'),
    decidedBy([...nodesOf(node['partitions']), ...ordersOf(node['orders'])], 'window', env),
    decidedBy(ordersOf(node['arg_orders']), 'sort', env),
    deciding(flowOf(nodeOf(node['filter_expr']), env), 'filter'),
  ]);
}

function flowOfCase(node: Node, env: Env): Flow {
  const checks = nodesOf(node['case_checks']);
  const values = [...checks.map((check) => nodeOf(check['then_expr'])), nodeOf(node['else_expr'])];
  return union([
    through(union(values.map((value) => flowOf(value, env))), 'transform'),
    decidedBy(
      checks.flatMap((check) => nodesOf([check['when_expr']])),
      'condition',
      env,
    ),
  ]);
}

/** A subquery gives its value and what decides its rows; EXISTS only the latter. */
function flowOfSubquery(node: Node, env: Env): Flow {
  const relation = env.context.query(nodeOf(nodeOf(node['subquery'])?.['node']), env.context, env.scope);
  const isScalar = node['subquery_type'] === 'SCALAR';
  if (/EXISTS/.test(textOf(node['subquery_type']))) return relation.rows;
  const values = union([allColumns(relation), flowOf(nodeOf(node['child']), env)]);
  return union([isScalar ? values : through(values, 'transform'), relation.rows]);
}

function flowOfOther(node: Node, env: Env): Flow {
  const inner = union(childrenOf(node).map((child) => flowOf(child, env)));
  return node['type'] === 'GROUPING_FUNCTION' ? deciding(inner, 'group') : through(inner, 'transform');
}

/** `group by 2`, `order by 1`: what stands there in the select list; else what the expression is made of. */
export function flowOfTarget(node: Node, items: readonly { readonly flow: Flow }[], env: Env): Flow {
  const position = positionOf(node);
  return position === null ? flowOf(node, env) : (items[position - 1]?.flow ?? nothing);
}
