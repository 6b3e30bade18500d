import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../model/random.ts';
import { parseExactJson } from './exact-json.ts';

const written = (text: string) => JSON.stringify(parseExactJson(text));

describe('JSON read exactly', () => {
  it('keeps the digits that a double would change', () => {
    for (const text of ['9007199254740993', '0.12345678901234567890', '1e999', '-1E+400', '123456789012345.678901'])
      expect(written(`{"n":${text}}`)).toBe(`{"n":${text}}`);
    expect(written('{"n":1.50,"text":"12345678901234567890"}')).toBe('{"n":1.5,"text":"12345678901234567890"}');
  });

  it('changes no number of at most fifteen digits in value', () => {
    const seed = Date.now() % 1_000_000;
    console.log(`exact JSON: seed ${seed}`);
    const random = seededRandom(seed);
    for (let round = 0; round < 20_000; round += 1) {
      const digits = Array.from({ length: 1 + Math.floor(random() * 22) }, () => Math.floor(random() * 10)).join('');
      const whole = digits.replace(/^0+(?=\d)/, '');
      const point = Math.floor(random() * whole.length);
      const text = random() < 0.5 || point === 0 ? whole : `${whole.slice(0, point)}.${whole.slice(point)}`;
      const [kept] = /^\[(.*)\]$/.exec(written(`[${text}]`))?.slice(1) ?? [];
      expect(exactValue(kept ?? ''), `${text} became ${kept ?? ''}`).toBe(exactValue(text));
    }
  });
});

/** Without what means nothing: `1.50` is `1.5`. */
function exactValue(text: string): string {
  const [mantissa = '', exponent = '0'] = text.split(/e/i);
  const [whole = '', part = ''] = mantissa.split('.');
  const scale = part.length - Number(exponent);
  const digits = BigInt(whole + part);
  if (scale <= 0) return (digits * 10n ** BigInt(-scale)).toString();
  const padded = digits.toString().padStart(scale + 1, '0');
  return `${padded.slice(0, -scale)}.${padded.slice(-scale)}`.replace(/\.?0+$/, '');
}
