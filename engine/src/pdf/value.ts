export type Language = 'en' | 'pt';

const NUMBER = /^(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT|U\w+INT\w*|FLOAT|DOUBLE|DECIMAL.*)$/;

export function isNumberType(type: string): boolean {
  return NUMBER.test(type);
}

/** A value as people of a language write it; numbers keep all their digits. */
export function valueText(value: unknown, type: string, language: Language): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'object') return JSON.stringify(value);
  const text = String(value as string | number | boolean | bigint);
  if (isNumberType(type)) return numberText(text, language);
  return type === 'DATE' || type.startsWith('TIMESTAMP') ? timeText(text, language) : text;
}

function numberText(text: string, language: Language): string {
  const found = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (!found) return text;
  const [, sign = '', whole = '', part] = found;
  const [group, point] = language === 'pt' ? ['.', ','] : [',', '.'];
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, group);
  return `${sign}${grouped}${part === undefined ? '' : `${point}${part}`}`;
}

function timeText(text: string, language: Language): string {
  const found = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](.*?))?$/.exec(text);
  if (!found) return text;
  const [, year = '', month = '', day = '', time = ''] = found;
  const shown = time.replace(/(\.\d*?)0+(?=Z|$|[+-])/, '$1').replace(/\.(?=Z|$|[+-])/, '');
  const date = language === 'pt' ? `${day}/${month}/${year}` : `${year}-${month}-${day}`;
  return shown === '' ? date : `${date} ${shown}`;
}
