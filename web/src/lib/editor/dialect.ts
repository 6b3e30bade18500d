import { PostgreSQL, SQLDialect, sql } from '@codemirror/lang-sql';

const keywords =
  'select from where group by having order limit offset qualify window over partition rows range between and or not in is null like ilike similar to exists case when then else end as distinct all any union intersect except join left right full outer inner cross natural lateral asof positional using on with recursive materialized values asc desc nulls first last filter within cast try_cast pivot unpivot sample tablesample exclude replace columns unbounded preceding following current row interval true false escape glob at time zone collate grouping sets cube rollup describe summarize show';
const types =
  'bigint int8 long bit bitstring blob bytea binary varbinary boolean bool logical date decimal numeric double float8 float real float4 hugeint uhugeint integer int4 int signed smallint int2 short time timestamp timestamptz timestamp_s timestamp_ms timestamp_ns tinyint int1 ubigint uinteger usmallint utinyint uuid varchar char bpchar text string json struct map list array enum';

/** Functions worth proposing and colouring; DuckDB has more, and they work without being listed. */
export const functions =
  'abs any_value approx_count_distinct approx_quantile arg_max arg_min array_agg avg bool_and bool_or ceil coalesce concat concat_ws contains corr count count_if covar_pop cume_dist current_date current_timestamp date_diff date_part date_trunc datepart day dayname dense_rank epoch extract first first_value floor format generate_series greatest hash histogram hour ifnull initcap lag last last_day last_value lead least left len length list list_aggregate list_contains ln log lower lpad ltrim make_date max mean median min minute mod mode month monthname now nth_value ntile nullif percent_rank position pow product quantile_cont quarter random range rank regexp_extract regexp_matches regexp_replace replace reverse right round row_number rpad rtrim second sign split_part sqrt starts_with stddev stddev_pop string_agg string_split strftime strip_accents strlen strptime struct_pack substr substring sum time_bucket today trim try_strptime unnest upper var_pop variance week year'.split(
    ' ',
  );

export const duckdb = SQLDialect.define({
  ...PostgreSQL.spec,
  keywords,
  types,
  builtin: functions.join(' '),
  doubleDollarQuotedStrings: true,
  specialVar: '$',
  identifierQuotes: '"',
  operatorChars: '+-*/<>=~!@#%^&|`?:',
  slashComments: false,
  spaceAfterDashes: false,
  caseInsensitiveIdentifiers: true,
});

export function sqlLanguage() {
  return sql({ dialect: duckdb, upperCaseKeywords: false });
}
export const keywordList: readonly string[] = keywords.split(' ');
