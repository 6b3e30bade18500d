import type { CellLineage, LineageColumn, LineageEdge } from '@datacraft/shared';
import { boundTypes, relationName } from '@datacraft/shared';
import type { InputCell, ModelCell, SourceCell } from '../compile/graph.ts';
import { splitTarget } from '../compile/names.ts';
import type { Reading } from './cells.ts';
import type { TableSchema } from './relation.ts';

type Found = Pick<CellLineage, 'columns' | 'rows' | 'gaps'> & { readonly isOpen?: boolean };

export function directEdge(table: string, column: string, how: NonNullable<LineageEdge['how']>): LineageEdge {
  return { table, column, kind: 'direct', how };
}

/** The relation that a name in a cell's config means. */
export function configTable(target: string, reading: Reading): TableSchema | null {
  const { schema, name } = splitTarget(target);
  return reading.table(schema, name);
}

/** A source's columns come from outside, those of another table one by one. */
export function sourceLineage(cell: SourceCell, reading: Reading): Found {
  const relation = cell.relation === null ? '' : relationName(cell.relation);
  if (cell.spec.type === 'table') {
    const table = configTable(cell.spec.table, reading);
    const columns = table?.columns ?? [];
    return {
      columns: columns.map(({ name, type }) => ({
        name,
        type,
        from: [directEdge(table?.key ?? '', name, 'identity')],
      })),
      rows: [],
      gaps: table?.columns ? [] : [`the columns of ${cell.spec.table} are not known yet`],
      isOpen: !table?.columns,
    };
  }
  const declared = 'columns' in cell.spec ? Object.entries(cell.spec.columns ?? {}) : [];
  const published = reading.published(relation);
  if (published === null && declared.length === 0)
    return { columns: [], rows: [], gaps: ['its columns are known once it ran'], isOpen: true };
  const columns = published ?? declared.map(([name, type]) => ({ name, type }));
  return {
    columns: columns.map(({ name, type }) => ({ name, type, from: [] })),
    rows: [],
    gaps: [],
    isOpen: published === null,
  };
}

/** What a model predicts is made of its features and of the target it learned from. */
export function modelLineage(cell: ModelCell, reading: Reading): Found {
  const table = configTable(cell.spec.from, reading);
  const all = table?.columns ?? null;
  if (table === null || all === null)
    return { columns: [], rows: [], gaps: [`the columns of ${cell.spec.from} are not known yet`], isOpen: true };
  const { target, time_column: time, features } = cell.spec;
  const named = typeof features === 'string' ? features.split(',').map((name) => name.trim()) : features;
  const others = all.map(({ name }) => name).filter((name) => name !== target);
  const used = [...new Set([...(named ?? others), ...(target === undefined ? [] : [target]), ...(time ? [time] : [])])];
  const learned = used.map((name) => directEdge(table.key, name, 'transform'));
  const published = reading.published(cell.relation === null ? '' : relationName(cell.relation));
  const columns = published ?? [...all, { name: 'prediction', type: null }];
  const isInput = (name: string) => all.some((column) => column.name === name);
  return {
    columns: columns.map(({ name, type }) => ({
      name,
      type,
      from: isInput(name) ? [directEdge(table.key, name, 'identity')] : learned,
    })),
    rows: [],
    gaps: [],
  };
}

/** The parameters an input binds; what it offers to choose from is made of the options' column. */
export function inputLineage(cell: InputCell, reading: Reading): Found {
  const { options } = cell.spec;
  const isQuery = options !== undefined && 'from' in options;
  const table = isQuery ? configTable(options.from, reading) : null;
  const chosen = isQuery ? [options.column, options.label] : [];
  const from = [...new Set(chosen.filter((name) => typeof name === 'string'))].map((name): LineageEdge =>
    directEdge(table?.key ?? '', name, 'identity'),
  );
  const columns = Object.entries(boundTypes(cell.name, cell.spec)).map(([name, type]): LineageColumn => ({
    name,
    type,
    from: table === null ? [] : from,
  }));
  return { columns, rows: [], gaps: [] };
}
