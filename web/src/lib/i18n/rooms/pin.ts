import { pluralIn } from '../plural.ts';

const p = pluralIn('en');
const q = pluralIn('pt-BR');

export const en = {
  hold: 'Hold its inputs',
  releaseInputs: 'Release its inputs',
  strip: (name: string) => `Held inputs of ${name}`,
  held: 'held for you',
  heldHint:
    'The cells below it show you the rows that you hold. Runs, and everybody else, read what the cell gives now.',
  heldSince: (name: string, at: string) => `You hold ${name} as it was at ${at}`,
  changed: (who: string, name: string) => (who === '' ? `${name} has changed` : `${who} changed ${name}`),
  differ: (n: number, count: string) => p(n, `${count} row differs`, `${count} rows differ`),
  none: 'no row differs',
  ofSample: 'its sample differs',
  columns: 'its columns are others',
  fails: 'it fails now',
  take: 'Take it',
  takeOf: (name: string) => `Take ${name} as it is now`,
  release: 'Release',
  releaseOf: (name: string) => `Release ${name}`,
  nowHeld: (names: string) => `You hold the rows of ${names}`,
  taken: (names: string) => `You hold ${names} as it is now`,
  released: (names: string) => `${names} is not held any more`,
  tooLarge: (name: string) =>
    `${name} has more than can be held: 200,000 rows or 5 MB. Filter it in a cell above and hold that one`,
  key: 'Hold or release its inputs',
  takeKey: 'Take the inputs as they are now',
};

export const ptBR: typeof en = {
  hold: 'Segurar as entradas',
  releaseInputs: 'Soltar as entradas',
  strip: (name) => `Entradas seguras de ${name}`,
  held: 'seguras para você',
  heldHint:
    'As células abaixo mostram a você as linhas que segura. Execuções, e as outras pessoas, leem o que a célula dá agora.',
  heldSince: (name, at) => `Você segura ${name} como estava às ${at}`,
  changed: (who, name) => (who === '' ? `${name} mudou` : `${who} mudou ${name}`),
  differ: (n, count) => q(n, `${count} linha difere`, `${count} linhas diferem`),
  none: 'nenhuma linha difere',
  ofSample: 'a amostra difere',
  columns: 'as colunas são outras',
  fails: 'falha agora',
  take: 'Ficar com a nova',
  takeOf: (name) => `Ficar com ${name} como está agora`,
  release: 'Soltar',
  releaseOf: (name) => `Soltar ${name}`,
  nowHeld: (names) => `Você segura as linhas de ${names}`,
  taken: (names) => `Você segura ${names} como está agora`,
  released: (names) => `${names} não está mais segura`,
  tooLarge: (name) =>
    `${name} tem mais do que se pode segurar: 200.000 linhas ou 5 MB. Filtre em uma célula acima e segure essa`,
  key: 'Segurar ou soltar as entradas',
  takeKey: 'Ficar com as entradas como estão agora',
};
