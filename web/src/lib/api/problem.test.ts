import { faultKinds } from '@datacraft/shared';
import { afterEach, describe, expect, it } from 'vitest';
import { setLocale } from '../i18n/index.svelte.ts';
import { loadSaid } from '../i18n/said.svelte.ts';
import { ApiError, messageOf, told } from './problem.ts';

afterEach(() => setLocale('en'));

describe('what the server said', () => {
  it.each(Object.keys(faultKinds))('stands in Portuguese under a line of its own for %s', (code) => {
    setLocale('pt-BR');
    const [ours = '', theirs] = told(code, 'the words of the server').split('\n');
    expect(ours).toMatch(/^[A-ZÁÉÓ].*\.$/u);
    expect(theirs).toBe('The words of the server.');
  });

  it('is a sentence of the language alone when it is one of ours, with its values as they are', async () => {
    const said = { key: '`{name}` is empty: write its SELECT first', values: { name: 'orders' } };
    const error = new ApiError(422, 'notebook-invalid', '`orders` is empty: write its SELECT first', {}, [], said);
    expect(messageOf(error)).toBe('`orders` is empty: write its SELECT first.');
    await loadSaid('pt-BR');
    setLocale('pt-BR');
    expect(messageOf(error)).toBe('`orders` está vazia: escreva antes o SELECT dela.');
    expect(told('sql-syntax', 'the text holds a NUL character: delete it')).toBe(
      'O texto contém um caractere NUL: apague-o.',
    );
    expect(told('query-failed', 'Conversion Error: x').split('\n')[1]).toBe('Conversion Error: x.');
  });

  it('stands alone in English, and where no code is known', () => {
    expect(told('table-owned', 'it is taken')).toBe('It is taken.');
    setLocale('pt-BR');
    expect(told('x', 'it is taken')).toBe('It is taken.');
    expect(messageOf(new ApiError(0, 'offline', 'O servidor não responde.'))).toBe('O servidor não responde.');
  });
});
