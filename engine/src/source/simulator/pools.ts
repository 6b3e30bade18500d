import { faker } from '@faker-js/faker/locale/pt_BR';
import type { Random } from './random.ts';

/** Values drawn from Faker once, from which rows are drawn: Faker itself makes some thousands a second. */
export interface Pools {
  readonly firstNames: readonly string[];
  readonly lastNames: readonly string[];
  readonly cities: readonly (readonly [city: string, state: string])[];
  readonly adjectives: readonly string[];
  readonly materials: readonly string[];
  readonly words: readonly string[];
}

const SIZE = 400;

/** Faker's instance is shared by the process, so seeding and drawing must not be interrupted: no awaits here. */
export function drawPools(seed: number): Pools {
  faker.seed(seed);
  const draw = (make: () => string) => Array.from({ length: SIZE }, make);
  return {
    firstNames: draw(() => faker.person.firstName()),
    lastNames: draw(() => faker.person.lastName()),
    cities: CITIES,
    adjectives: draw(() => faker.commerce.productAdjective()),
    materials: draw(() => faker.commerce.productMaterial()),
    words: draw(() => faker.lorem.slug(2)),
  };
}

/** Faker's city and state are drawn apart and do not fit each other. */
const CITIES = [
  ['São Paulo', 'SP'],
  ['Campinas', 'SP'],
  ['Santos', 'SP'],
  ['Ribeirão Preto', 'SP'],
  ['Rio de Janeiro', 'RJ'],
  ['Niterói', 'RJ'],
  ['Belo Horizonte', 'MG'],
  ['Uberlândia', 'MG'],
  ['Salvador', 'BA'],
  ['Feira de Santana', 'BA'],
  ['Fortaleza', 'CE'],
  ['Brasília', 'DF'],
  ['Curitiba', 'PR'],
  ['Londrina', 'PR'],
  ['Porto Alegre', 'RS'],
  ['Caxias do Sul', 'RS'],
  ['Recife', 'PE'],
  ['Manaus', 'AM'],
  ['Belém', 'PA'],
  ['Goiânia', 'GO'],
  ['Florianópolis', 'SC'],
  ['Joinville', 'SC'],
  ['Vitória', 'ES'],
  ['Natal', 'RN'],
  ['João Pessoa', 'PB'],
  ['Maceió', 'AL'],
  ['São Luís', 'MA'],
  ['Cuiabá', 'MT'],
  ['Campo Grande', 'MS'],
  ['Teresina', 'PI'],
] as const;

/** Eleven digits with right check digits. */
export function drawCpf(random: Random): string {
  const digits = Array.from({ length: 9 }, () => random.between(0, 9));
  for (const weight of [10, 11]) {
    const sum = digits.reduce((total, digit, index) => total + digit * (weight - index), 0);
    digits.push(((sum * 10) % 11) % 10);
  }
  return digits.join('');
}
