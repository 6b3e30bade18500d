/** What is said of models and of what they are asked. */
export const model = {
  '{name} is a forecast: nothing it is asked can drift': '{name} é uma previsão de série: nada do que lhe pedem deriva',
  'there is no model {name}: run the notebook that trains it': 'não há modelo {name}: execute o caderno que o treina',
  'there is no model {name} {which}: run the notebook that trains it':
    'não há modelo {name} {which}: execute o caderno que o treina',
  'the model {name} has no version {version}': 'o modelo {name} não tem versão {version}',
  '{name} has no prediction {id}: it was never made, or is no longer kept':
    '{name} não tem predição {id}: ela nunca foi feita, ou já não é guardada',
  'one row is explained at a time: send it as { row: {…} }': 'explica-se uma linha por vez: envie-a como { row: {…} }',
  'rows: expected a list of maps of fields': 'rows: esperava uma lista de mapas de campos',
  'a forecast has no rows to predict for: read its table, which holds the steps':
    'uma previsão de série não tem linhas a prever: leia a tabela dela, que guarda os passos',
  '"{name}" may not be null: it was known in every row the model learned from':
    '"{name}" não pode ser nulo: era conhecido em toda linha com que o modelo aprendeu',
  '"{name}" is {value}, which no row had that the model learned from':
    '"{name}" é {value}, que nenhuma linha tinha das que o modelo aprendeu',
  '{task} is not explained feature by feature: only classes and numbers are':
    '{task} não se explica atributo por atributo: só classes e números',
  'this version was trained before answers were explained: train it again':
    'esta versão foi treinada antes de as respostas serem explicadas: treine-a de novo',
  '`log: yes` needs a `{target}` above 0 in every row': '`log: yes` precisa de `{target}` acima de 0 em toda linha',
  '{missing} rows have no `{time}`: leave them out of what is forecast':
    '{missing} linhas não têm `{time}`: deixe-as fora do que se prevê',
  'a model file of version {version} cannot be read: train it again':
    'um arquivo de modelo da versão {version} não pode ser lido: treine-o de novo',
  'no column is left to learn from: name some in `features`':
    'não resta coluna com que aprender: nomeie algumas em `features`',
  'no column is left to group by: name some in `features`':
    'não resta coluna para agrupar: nomeie algumas em `features`',
  '`{target}` is `{only}` in every row that is learned from: a classification needs two classes':
    '`{target}` é `{only}` em toda linha com que se aprende: uma classificação precisa de duas classes',
  '{rows} rows cannot be {clusters} clusters: ask for fewer': '{rows} linhas não dão {clusters} grupos: peça menos',
  'the thread that trained ended unexpectedly ({code}); run it again':
    'o processo que treinava terminou sem aviso ({code}); execute de novo',
  'training took longer than {seconds} s: use fewer trees or rows, or raise the limit':
    'o treino levou mais de {seconds} s: use menos árvores ou linhas, ou aumente o limite',
  'the run was cancelled while it trained': 'a execução foi cancelada enquanto treinava',
};
