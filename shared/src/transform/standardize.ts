import { unreachable } from '../fault.ts';
import type { Standard } from '../document/spec/step-schema.ts';
import { quoteLiteral } from '../sql/quote.ts';

const dateFormats = ['%Y-%m-%d', '%d/%m/%Y', '%d-%m-%Y', '%d.%m.%Y', '%Y/%m/%d', '%d/%m/%y', '%Y%m%d'] as const;

/** Mac Roman and Windows-1252 from 0x80 on: what UTF-8 looks like when it was read as one of them. */
const macRoman =
  'ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø¿¡¬√ƒ≈∆«»…\u00a0ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\uf8ffÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ';
const windows1252 =
  '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ' +
  Array.from({ length: 96 }, (_, at) => String.fromCharCode(160 + at)).join('');

/** The tidy form of `column` as an expression; NULL where it has none. */
function tidy(column: string, standard: Standard, formats: readonly string[]): string {
  const digits = `regexp_replace(${column}, '[^0-9]', '', 'g')`;
  switch (standard) {
    case 'cpf':
      return numbered(`lpad(nullif(${digits}, ''), 11, '0')`, cpfDigits, 11);
    case 'cnpj':
      return numbered(
        `lpad(nullif(upper(regexp_replace(${column}, '[^0-9A-Za-z]', '', 'g')), ''), 14, '0')`,
        cnpjDigits,
        14,
      );
    case 'phone':
      return `case when regexp_full_match(regexp_replace(${digits}, '^(0055|55|0)', ''), '[1-9][1-9][0-9]{8,9}') then '+55' || regexp_replace(${digits}, '^(0055|55|0)', '') end`;
    case 'cep':
      return `case when length(${digits}) = 8 then ${digits}[1:5] || '-' || ${digits}[6:8] end`;
    case 'date':
      return `coalesce(${formats.map((format) => `try_strptime(trim(cast(${column} as varchar)), ${quoteLiteral(format)})`).join(', ')})::date`;
    case 'number':
      return `try_cast(case when contains(${column}, ',') then replace(replace(${column}, '.', ''), ',', '.') else ${column} end as double)`;
    case 'boolean':
      return `case when lower(trim(${column})) in ('s', 'sim', 'y', 'yes', 't', 'true', '1', 'v', 'verdadeiro') then true when lower(trim(${column})) in ('n', 'não', 'nao', 'no', 'f', 'false', '0', 'falso') then false end`;
    case 'email':
      return `case when regexp_full_match(lower(trim(${column})), '[^@ ]+@[^@ ]+[.][a-z]{2,}') then lower(trim(${column})) end`;
    case 'mojibake':
      return repaired(column);
    case 'lower':
    case 'upper':
      return `${standard}(${column})`;
    case 'title':
      return `array_to_string(list_transform(string_split(lower(${column}), ' '), lambda w: upper(w[1]) || w[2:]), ' ')`;
    case 'digits':
      return digits;
    case 'spaces':
      return `trim(regexp_replace(${column}, '\\s+', ' ', 'g'))`;
    case 'no_accents':
      return `strip_accents(${column})`;
    default:
      return unreachable(standard);
  }
}

/** `keep` leaves what has no tidy form as it was; other types than text cannot hold it. */
export function standardized(
  column: string,
  standard: Standard,
  {
    formats = dateFormats,
    invalid = 'keep',
  }: { formats?: readonly string[] | undefined; invalid?: 'keep' | 'null' | undefined },
): string {
  const value = tidy(column, standard, formats);
  const isTyped = standard === 'date' || standard === 'number' || standard === 'boolean';
  return invalid === 'null' || isTyped ? value : `coalesce(${value}, ${column})`;
}

const cpfDigits: readonly (readonly number[])[] = [
  [10, 9, 8, 7, 6, 5, 4, 3, 2],
  [11, 10, 9, 8, 7, 6, 5, 4, 3, 2],
];
const cnpjDigits: readonly (readonly number[])[] = [
  [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2],
  [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2],
];

/** The number when its check digits are right. Letters count by their code, as in alphanumeric CNPJs. */
function numbered(number: string, weights: readonly (readonly number[])[], length: number): string {
  const checks = weights.map(
    (row) =>
      `list_sum(list_transform([${row.join(', ')}], lambda w, i: w * (ascii(${number}[i]) - 48))) * 10 % 11 % 10 = try_cast(${number}[${row.length + 1}] as integer)`,
  );
  return `case when length(${number}) = ${length} and ${number} <> repeat(${number}[1], ${length}) and ${checks.join(' and ')} then ${number} end`;
}

/** Text whose UTF-8 was read as another encoding, read again; as it is where it does not look so. */
function repaired(column: string): string {
  const again = (table: string) => {
    const code = `case when unicode(c) < 128 then unicode(c) else 127 + nullif(strpos(${quoteLiteral(table)}, c), 0) end`;
    const bytes = `list_transform(string_split(${column}, ''), lambda c: coalesce(printf('%02X', ${code}), 'zz'))`;
    return `try(decode(unhex(array_to_string(${bytes}, ''))))`;
  };
  return `case when regexp_matches(${column}, '[ÃÂâ]') then coalesce(${again(windows1252)}, ${again(macRoman)}) when regexp_matches(${column}, '[√¬‚]') then ${again(macRoman)} end`;
}
