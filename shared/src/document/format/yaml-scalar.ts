/** Where a scalar stands: inside `[ ]` or `{ }` commas and brackets are not plain, except in a value like a call. */
export type Context = 'block' | 'flow' | 'flow-key';

/** Plain when every YAML reader gives the same text back, else double quoted on one line. */
export function writeString(text: string, context: Context): string {
  return isPlain(text, context) ? text : quoted(text);
}

const PRINTABLE =
  /^[\x20-\x7e\u00a1-\u167f\u1681-\u1fff\u2010-\u2027\u2030-\u2fff\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufefe\uff00-\ufffc\u{10000}-\u{1fffd}]+$/u;
const BAD_START = /^([\s?:,[\]{}#&*!|>'"%@`=]|-(?![A-Za-z0-9_./])|\.\.\.|<<|~$)/;
const BAD_INSIDE = /\s$|:$|:\s|\s#/;
const FLOW_INDICATOR = /[,[\]{}]/;
/** `decimal(12,2)`, `bucket(16, id)`: commas inside parentheses belong to the value, see `yaml-read.ts`. */
const CALL = /^[A-Za-z_]\w*\([\w.]+(?:, ?[\w.]+)*\)$/;
/** What YAML 1.2 or 1.1 takes for null, a truth value or a number. */
const RESOLVED =
  /^(null|true|false|yes|no|on|off|[-+]?\.(inf|nan)|0o[0-7]+|0x[0-9a-f]+|0b[01_]+|[-+]?[\d_,]*\.?[\d_]*(e[-+]?\d+)?|[-+]?\d+(:[0-5]?\d)+(\.\d*)?)$/i;
const CRON = /^([\d*,/?#LW-]+|[A-Z]{3}(-[A-Z]{3})?)(\s+([\d*,/?#LW-]+|[A-Z]{3}(-[A-Z]{3})?)){4,5}$/;

function isPlain(text: string, context: Context): boolean {
  if (!PRINTABLE.test(text) || BAD_START.test(text) || BAD_INSIDE.test(text)) return false;
  if (RESOLVED.test(text) || CRON.test(text) || !/[\p{L}\p{N}]/u.test(text)) return false;
  if (context === 'block') return true;
  // An open parenthesis would be read on to the item that closes it.
  if (text.split('(').length !== text.split(')').length) return false;
  return !FLOW_INDICATOR.test(text) || (context === 'flow' && CALL.test(text));
}

/** JSON's escapes are YAML's; what JSON leaves raw and is not printable is escaped too. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\x7f-\xa0\u2028\u2029\ufeff\ufffe\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
