import { readFileSync } from 'node:fs';
import type { DuckDBConnection, DuckDBType } from '@duckdb/node-api';
import { BIGINT, BOOLEAN, DOUBLE, DuckDBScalarFunction, STRUCT, VARCHAR } from '@duckdb/node-api';
import { quoteIdentifier } from '@datacraft/shared';
import type { Feature } from '../../model/feature.ts';
import type { BatchScorer, OutputKind } from '../../model/batch-scorer.ts';
import { openBatchScorer } from '../../model/batch-scorer.ts';
import type { SessionModel } from '../session.ts';

const outputTypes: Readonly<Record<OutputKind, DuckDBType>> = {
  boolean: BOOLEAN,
  integer: BIGINT,
  number: DOUBLE,
  text: VARCHAR,
};

/**
 * Makes `predict_<model>(row)` known, where a row is a table's name or a struct. The engine finds the fields and refuses
 * those that are not there and types that do not fit; the model refuses values it was not trained for.
 */
export async function definePredict(connection: DuckDBConnection, { name, file }: SessionModel): Promise<void> {
  const scorer = openBatchScorer(readFileSync(file));
  const inner = `__score_${name}`;
  connection.registerScalarFunction(scoreFunction(inner, name, scorer));
  const fields = scorer.features.map((feature) => fieldOf(feature)).join(', ');
  await connection.run(
    `create macro ${quoteIdentifier(`predict_${name}`)}("__r") as ${quoteIdentifier(inner)}(${fields})`,
  );
}

/** What is not finite is missing, as in training. */
function fieldOf({ name, kind, type }: Feature): string {
  const field = `"__r".${quoteIdentifier(name)}`;
  if (kind === 'time') return `case when isfinite(${field}) then epoch(${field}) end`;
  return type === 'UUID' ? `${field}::varchar` : field;
}

function scoreFunction(inner: string, model: string, scorer: BatchScorer): DuckDBScalarFunction {
  const { features, outputs } = scorer;
  return DuckDBScalarFunction.create({
    name: inner,
    parameterTypes: features.map(({ kind }) => (kind === 'category' ? VARCHAR : kind === 'boolean' ? BOOLEAN : DOUBLE)),
    returnType: STRUCT(Object.fromEntries(outputs.map((output) => [output.name, outputTypes[output.kind]]))),
    // A missing value is a value to a model.
    specialHandling: true,
    mainFunction: (info, chunk, output) => {
      try {
        const columns = features.map((_, at) => chunk.getColumnValues(at));
        const found = scorer.score(columns, chunk.rowCount);
        for (let row = 0; row < chunk.rowCount; row += 1) {
          const entries = Object.fromEntries(found.map(({ name, values }) => [name, values[row] ?? null]));
          output.setItem(row, { entries });
        }
        output.flush();
      } catch (error) {
        info.setError(`${model}: ${error instanceof Error ? error.message : String(error)}`);
      }
    },
  });
}
