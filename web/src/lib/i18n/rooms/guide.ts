import type { Step } from '#lib/guide/guide.svelte.ts';

type Steps = Record<Step, { title: string; lead: string }>;

const enSteps: Steps = {
  file: {
    title: 'Look at a file.',
    lead: 'A shop’s orders, decimal commas and all. Twelve rows are wrong on purpose; they are set aside and counted.',
  },
  question: { title: 'Ask it a question.', lead: 'Change the SQL of this cell: the result follows while you type.' },
  chart: { title: 'See the answer drawn.', lead: 'A chart is a cell too. Select it to change columns and kind.' },
  run: { title: 'Let it run.', lead: 'One click checks the rows and publishes every table together.' },
  share: { title: 'Share it.', lead: 'Arrange the charts and publish a link that opens on any phone.' },
};

export const en = {
  name: 'Tour of the example',
  steps: enSteps,
  place: (at: number, of: number) => `Step ${at} of ${of}.`,
  show: 'Show me',
  arrange: 'Arrange and publish',
  done: 'It ran. The tables are published.',
  next: 'Next',
  back: 'Back',
  finish: 'Finish',
  leave: 'Close the tour',
};

const ptSteps: Steps = {
  file: {
    title: 'Veja um arquivo.',
    lead: 'Os pedidos de uma loja, com vírgula decimal e tudo. Doze linhas estão erradas de propósito; são separadas e contadas.',
  },
  question: {
    title: 'Faça uma pergunta.',
    lead: 'Mude o SQL desta célula: o resultado acompanha enquanto você digita.',
  },
  chart: {
    title: 'Veja a resposta desenhada.',
    lead: 'Um gráfico também é célula. Selecione para mudar colunas e tipo.',
  },
  run: { title: 'Ponha para rodar.', lead: 'Um clique testa as linhas e publica todas as tabelas juntas.' },
  share: { title: 'Compartilhe.', lead: 'Arrume os gráficos e publique um link que abre em qualquer celular.' },
};

export const ptBR: typeof en = {
  name: 'Visita guiada do exemplo',
  steps: ptSteps,
  place: (at, of) => `Passo ${at} de ${of}.`,
  show: 'Mostrar',
  arrange: 'Arrumar e publicar',
  done: 'Rodou. As tabelas estão publicadas.',
  next: 'Próximo',
  back: 'Voltar',
  finish: 'Concluir',
  leave: 'Fechar a visita',
};
