import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPublicAddress } from '../source/network/address.ts';

const privateV4 = ['127.0.0.1', '10.1.2.3', '169.254.169.254', '172.31.255.255', '192.168.0.1', '100.64.0.1', '0.0.0.0', '255.255.255.255', '224.0.0.1', '168.63.129.16']; // prettier-ignore
const hex = (address: string) => {
  const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
  return [a * 256 + b, c * 256 + d].map((part) => part.toString(16)).join(':');
};

describe('an address in a private network', () => {
  const spellings = privateV4.flatMap((address) => [
    address,
    `::ffff:${address}`,
    `::FFFF:${hex(address)}`,
    `::${address}`,
    `64:ff9b::${hex(address)}`,
    `2002:${hex(address)}::`,
    `2001:0:${hex(address)}::1`,
    `0:0:0:0:0:ffff:${address}`,
  ]);
  it.each([
    ...spellings,
    '::1',
    '::',
    'fe80::1',
    'fe80::1%eth0',
    'fc00::1',
    'fd12:3456::1',
    'ff02::1',
    'fec0::1',
    '2001:db8::1',
  ])('is not public: %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it('is not public in any network that carries it, whatever else the address holds', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        for (const carried of [
          `::ffff:${address}`,
          `64:ff9b::${hex(address)}`,
          `2002:${hex(address)}::1`,
          `::${address}`,
        ])
          expect(isPublicAddress(carried)).toBe(false);
      }),
    );
  });

  it('is no address at all when it is not one: texts that some libraries take for numbers', () => {
    for (const text of [
      '2130706433',
      '0x7f000001',
      '0177.0.0.1',
      '127.1',
      '',
      ' 8.8.8.8',
      '8.8.8.8 ',
      '8.8.8.8\0',
      'localhost',
      '１.1.1.1',
    ])
      expect([text, isPublicAddress(text)]).toEqual([text, false]);
  });
});
