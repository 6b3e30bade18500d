import { describe, expect, it } from 'vitest';
import { isCnpj, isCpf, personalKind } from './personal.ts';

describe('personal data in a column', () => {
  it('knows CPF and CNPJ by their check digits', () => {
    for (const cpf of ['529.982.247-25', '52998224725', '111.444.777-35']) expect(isCpf(cpf)).toBe(true);
    for (const no of ['529.982.247-26', '11111111111', '5299822472', '529-982-247.25']) expect(isCpf(no)).toBe(false);
    for (const cnpj of ['11.222.333/0001-81', '11222333000181']) expect(isCnpj(cnpj)).toBe(true);
    for (const no of ['11.222.333/0001-82', '00000000000000']) expect(isCnpj(no)).toBe(false);
  });

  it('says what nearly all values are, and nothing of few or of mixed ones', () => {
    const mails = ['a@b.com', 'ana.silva@exemplo.com.br', 'x+y@z.org', null, ''];
    expect(personalKind(mails)).toEqual({ kind: 'email', matched: 3, sampled: 3 });
    expect(personalKind(['529.982.247-25', '111.444.777-35'])).toBeNull();
    expect(personalKind(['a@b.com', 'c@d.com', 'e@f.com', 'no', 'none'])).toBeNull();
    expect(personalKind(['(11) 98765-4321', '21 3456-7890', '+55 11 98765-4321'])?.kind).toBe('phone');
    expect(personalKind(['2024-01-01', '2024-01-02', '2024-01-03'])).toBeNull();
    expect(personalKind(['10000000001', '10000000002', '10000000003'])).toBeNull();
  });
});
