import type { Json } from '@datacraft/shared';
import { isLayer, writeYaml } from '@datacraft/shared';
import { splitTarget } from '../../compile/names.ts';
import { asArgument, standsFor } from './names.ts';
import type { ProjectContext } from './project.ts';
import { escaped } from './to-jinja.ts';

/** The notebook's prose as the overview of dbt's documentation, and its charts as an exposure. */
export function docsOf(context: ProjectContext): [string, string][] {
  const prose = context.notebook.cells
    .filter((cell) => cell.kind === 'markdown' && cell.deletedAt === undefined)
    .map((cell) => cell.source.trim())
    .filter((text) => text !== '');
  const overview = `{% docs __overview__ %}\n${prose.join('\n\n').replace(/\{([{%#])/g, '{ $1')}\n{% enddocs %}\n`;
  const exposure = exposureOf(context);
  return [
    ...(prose.length === 0 ? [] : [['models/overview.md', overview] as [string, string]]),
    ...(exposure === null ? [] : [['models/_exposures.yml', exposure] as [string, string]]),
  ];
}

function exposureOf(context: ProjectContext): string | null {
  const charts = [...context.graph.cells.values()].filter((cell) => cell.kind === 'chart');
  const reads = charts.flatMap((chart) => {
    const { schema, name } = splitTarget(chart.spec.from);
    return schema === '' || isLayer(schema) ? (standsFor(context, schema, name) ?? []) : [];
  });
  if (reads.length === 0) return null;
  const owner = context.notebook.meta['owner'];
  const lines = charts.map(({ name, spec }) => `- ${spec.title ?? name}: ${spec.type} of ${spec.from}`);
  const exposure: Json = {
    name: `${context.name}_charts`,
    label: escaped(context.notebook.title),
    type: 'dashboard',
    description: escaped(lines.join('\n')),
    owner: { name: escaped(typeof owner === 'string' ? owner : context.notebook.title) },
    depends_on: [...new Set(reads)].map(asArgument),
  };
  return writeYaml({ version: 2, exposures: [exposure] });
}
