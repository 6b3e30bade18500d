import { type Column, type JsonObject, quoteIdentifier, quoteLiteral } from '@datacraft/shared';

/** A step that what was seen in the rows asks for. */
export interface Suggestion {
  readonly because: 'dates' | 'cpf' | 'cnpj' | 'mojibake' | 'spaces' | 'nulls' | 'duplicates';
  readonly column: string;
  /** Formats, rows or shares, as `because` counts. */
  readonly count: number;
  readonly step: JsonObject;
}

const tests = {
  cpf: "regexp_full_match(C, '[0-9]{3}[.]?[0-9]{3}[.]?[0-9]{3}-?[0-9]{2}')",
  cnpj: "regexp_full_match(C, '[0-9]{2}[.]?[0-9]{3}[.]?[0-9]{3}/?[0-9]{4}-?[0-9]{2}')",
  mojibake: "regexp_matches(C, '[ÃÂ][\u0080-\u00bf]|√|â€')",
  spaces: 'C <> trim(C)',
  iso: "regexp_full_match(C, '[0-9]{4}-[0-9]{2}-[0-9]{2}')",
  slash: "regexp_full_match(C, '[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}')",
  dash: "regexp_full_match(C, '[0-9]{1,2}[-.][0-9]{1,2}[-.][0-9]{4}')",
  compact: "regexp_full_match(C, '(19|20)[0-9]{6}')",
} as const;
type Test = keyof typeof tests;
const names = Object.keys(tests) as Test[];

/** One row for each column: name, rows, rows with a value, then how many pass each test. */
export function profileSql(columns: readonly Column[], from: string): string {
  const rows = columns.map((column) => {
    const name = quoteIdentifier(column.name);
    const isText = column.type.toLowerCase() === 'varchar';
    const counts = names.map((test) => (isText ? `count(*) filter (${tests[test].replaceAll('C', name)})` : '0'));
    return `select ${quoteLiteral(column.name)}, count(*), count(${name}), ${counts.join(', ')} from ${from}`;
  });
  // Every column has its own name: rows are read by it.
  const none = names.map((test) => `0 as "${test}"`).join(', ');
  const distinct = `(select count(*) from (select distinct * from ${from}))`;
  const whole = `select '' as name, count(*) as "all", ${distinct} as "filled", ${none} from ${from}`;
  return [whole, ...rows].join('\nunion all ');
}

export function suggestionsFrom(profile: readonly (readonly unknown[])[]): Suggestion[] {
  return profile.flatMap(([name, rows, filled, ...counts]) => {
    const column = String(name);
    const [all, present] = [Number(rows), Number(filled)];
    if (column === '')
      return all > present
        ? [{ because: 'duplicates' as const, column, count: all - present, step: { deduplicate: 'all' } }]
        : [];
    return ofColumn(column, all, present, (test) => Number(counts[names.indexOf(test)] ?? 0));
  });
}

function ofColumn(column: string, rows: number, present: number, passed: (test: Test) => number): Suggestion[] {
  const standard = (because: Suggestion['because'], count: number, to: string): Suggestion => ({
    because,
    column,
    count,
    step: { standardize: { [column]: to } },
  });
  const most = (test: Test) => present > 0 && passed(test) >= present * 0.6;
  const formats = (['iso', 'slash', 'dash', 'compact'] as const).filter((test) => passed(test) > 0);
  const dated = formats.reduce((sum, test) => sum + passed(test), 0);
  return [
    ...(formats.length > 1 && dated >= present * 0.6 ? [standard('dates', formats.length, 'date')] : []),
    ...(most('cnpj')
      ? [standard('cnpj', passed('cnpj'), 'cnpj')]
      : most('cpf')
        ? [standard('cpf', passed('cpf'), 'cpf')]
        : []),
    ...(passed('mojibake') > 0 ? [standard('mojibake', passed('mojibake'), 'mojibake')] : []),
    ...(passed('spaces') > 0
      ? [{ because: 'spaces' as const, column, count: passed('spaces'), step: { trim: column } }]
      : []),
    ...(present < rows && present > 0 && rows > 0
      ? [
          {
            because: 'nulls' as const,
            column,
            count: rows - present,
            step: { filter: `${/^[a-z_][a-z0-9_]*$/.test(column) ? column : quoteIdentifier(column)} is not null` },
          },
        ]
      : []),
  ];
}
