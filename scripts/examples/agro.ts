import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createRandom } from '../../engine/src/source/simulator/random.ts';
import type { Random } from '../../engine/src/source/simulator/random.ts';
import { avroFile } from '../../engine/src/source/testing/avro-file.ts';
import { csvOf } from './csv.ts';

const PRODUCERS = 420;
const START_MS = Date.UTC(2024, 0, 8);
const DAY_MS = 86_400_000;
const places = [
  ['Sorriso', 'MT', -12.54, -55.72],
  ['Rio Verde', 'GO', -17.79, -50.92],
  ['Cascavel', 'PR', -24.95, -53.45],
  ['Ribeirão Preto', 'SP', -21.17, -47.81],
  ['Patrocínio', 'MG', -18.94, -46.99],
  ['Luís Eduardo Magalhães', 'BA', -12.09, -45.78],
  ['Passo Fundo', 'RS', -28.26, -52.4],
] as const;
const crops = ['SOJA', 'MILHO', 'CAFE', 'CANA', 'ALGODAO'] as const;
const purposes = ['CUSTEIO', 'INVESTIMENTO', 'COMERCIALIZACAO'] as const;

interface Producer {
  readonly id: string;
  readonly place: (typeof places)[number];
  readonly isCompany: boolean;
  readonly income: number;
  readonly hectares: number;
  readonly crop: string;
  readonly years: number;
  readonly score: number;
  readonly fined: boolean;
}

/** Requests for credit as Avro events, and what became of those that are old enough, by a rule that no column holds. */
export function agroData(): [string, Buffer][] {
  const schema = JSON.parse(
    readFileSync(resolve(import.meta.dirname, '../../examples/agro/producer_schema.avsc'), 'utf8'),
  ) as object;
  const random = createRandom('agro');
  const producers = Array.from({ length: PRODUCERS }, (_, n) => producerOf(n, random));
  const asked = producers.flatMap((producer) => {
    const times = Math.floor(random.next() ** 2 * 7) + 1;
    return Array.from({ length: times }, () => ({
      producer,
      at: START_MS + random.between(0, 500 * 24 * 60) * 60_000,
    }));
  });
  asked.sort((a, b) => a.at - b.at || (a.producer.id < b.producer.id ? -1 : 1));
  const events = asked.map(({ producer, at }) => eventOf(producer, at, random));
  const outcomes = events.flatMap((event, n) => {
    const { producer, at } = asked[n] ?? { producer: null, at: 0 };
    if (producer === null || at > START_MS + 430 * DAY_MS) return [];
    const decided = new Date(at + 60 * DAY_MS).toISOString().slice(0, 10);
    return [[event.proponente_id, at, decided, defaults(producer, event, random)]];
  });
  return [
    [
      'agro/data/dados_produtores.avro',
      avroFile(schema, events, { codec: 'null', pack: (bytes) => bytes, blockRows: 250 }),
    ],
    [
      'agro/data/resultado_credito.csv',
      csvOf(['proponente_id', 'data_solicitacao', 'decidido_em', 'inadimplente'], outcomes),
    ],
  ];
}

function producerOf(n: number, random: Random): Producer {
  const hectares = Math.round(8 * Math.exp(random.next() * 6) * 10) / 10;
  return {
    id: `proponente_${String(n + 1).padStart(3, '0')}`,
    place: random.pick(places),
    isCompany: random.next() < 0.3,
    income: Math.round((60_000 + hectares * 400 * (0.5 + random.next())) / 100) * 100,
    hectares,
    crop: random.pick(crops),
    years: random.between(0, 35),
    score: Math.min(1000, Math.max(80, Math.round(320 + random.next() * 420 + random.next() * 260))),
    fined: random.next() < 0.12,
  };
}

function eventOf(producer: Producer, at: number, random: Random) {
  const [municipio, uf, latitude, longitude] = producer.place;
  const share = 0.2 + random.next() * 1.6;
  const near = (value: number) => Number((value + (random.next() - 0.5) / 2).toFixed(5));
  return {
    proponente_id: producer.id,
    data_solicitacao: BigInt(at),
    cpf_cnpj: digits(producer.isCompany ? 14 : 11, random),
    nome_razao_social: producer.isCompany
      ? `Agropecuária ${producer.id.slice(-3)} Ltda`
      : `Produtor ${producer.id.slice(-3)}`,
    tipo_pessoa: producer.isCompany ? 'JURIDICA' : 'FISICA',
    renda_bruta_anual_declarada: producer.income,
    valor_solicitado_credito: Math.round((producer.income * share) / 1000) * 1000,
    prazo_meses: random.pick([12, 24, 36, 48, 60]),
    finalidade_credito: random.pick(purposes),
    localizacao_propriedade: { latitude: near(latitude), longitude: near(longitude), municipio, uf },
    // A form that was filled in wrongly now and then.
    area_total_hectares: random.next() < 0.01 ? -1 : producer.hectares,
    cultura_principal: producer.crop,
    possui_experiencia_atividade: producer.years > 0,
    anos_experiencia: producer.years > 0 ? { int: producer.years } : null,
    fontes_dados_adicionais: {
      serasa_score: random.next() < 0.03 ? null : { int: Math.min(1000, producer.score + random.between(-25, 25)) },
      ibama_autuacoes_ativas: producer.fined,
      numero_matricula_imovel: digits(8, random),
    },
    metadata_evento: {
      versao_schema: '1.0',
      origem_dados: random.pick(['AGENCIA', 'APP', 'COOPERATIVA']),
      timestamp_geracao_evento: BigInt(at + random.between(1, 90_000)),
    },
  };
}

const digits = (count: number, random: Random) => Array.from({ length: count }, () => random.between(0, 9)).join('');

function defaults(producer: Producer, event: ReturnType<typeof eventOf>, random: Random): boolean {
  const burden = event.valor_solicitado_credito / producer.income / (event.prazo_meses / 12);
  const risk = (640 - producer.score) / 90 + burden * 1.6 + (producer.fined ? 1.4 : 0) - producer.years / 25 - 0.9;
  return random.next() < 1 / (1 + Math.exp(-2 * risk));
}
