import { faultKinds } from '@datacraft/shared';
import { afterEach, describe, expect, it } from 'vitest';
import { setLocale } from '../i18n/index.svelte.ts';
import { ApiError, messageOf, told } from './problem.ts';

afterEach(() => setLocale('en'));

describe('what the server said', () => {
  it.each(Object.keys(faultKinds))('stands in Portuguese under a line of its own for %s', (code) => {
    setLocale('pt-BR');
    const [ours = '', theirs] = told(code, 'the words of the server').split('\n');
    expect(ours).toMatch(/^[A-ZÁÉÓ].*\.$/u);
    expect(theirs).toBe('The words of the server.');
  });

  it('stands alone in English, and where no code is known', () => {
    expect(told('table-owned', 'it is taken')).toBe('It is taken.');
    setLocale('pt-BR');
    expect(told('x', 'it is taken')).toBe('It is taken.');
    expect(messageOf(new ApiError(0, 'offline', 'O servidor não responde.'))).toBe('O servidor não responde.');
  });
});
