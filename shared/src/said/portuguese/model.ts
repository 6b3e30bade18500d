/** What is said of models and of what they are asked. */
export const model = {
  'version {version} of {name} cannot be opened: {because}':
    'a versão {version} de {name} não pode ser aberta: {because}',
  'this API token may ask {perSecond} times a second: ask again in {seconds} s, more slowly, or send several rows in one request':
    'este token de API pode fazer {perSecond} pedidos por segundo: repita em {seconds} s, mais devagar, ou envie várias linhas em um pedido',
  'this API token may have {perDay} rows scored a day, and {rows} more do not fit: ask again after midnight UTC, or with a token that may have more (Settings)':
    'este token de API pode ter {perDay} linhas pontuadas por dia, e mais {rows} não cabem: repita depois da meia-noite UTC, ou com um token que possa mais (Configurações)',
  '{name} is a forecast: nothing it is asked can drift': '{name} é uma previsão de série: nada do que lhe pedem deriva',
  'there is no model {name}: run the notebook that trains it': 'não há modelo {name}: execute o caderno que o treina',
  'there is no model {name} {which}: run the notebook that trains it':
    'não há modelo {name} {which}: execute o caderno que o treina',
  'the model {name} has no version {version}': 'o modelo {name} não tem versão {version}',
  'version {version} of {name} is the champion and answers already: choose another':
    'a versão {version} de {name} é o campeão e já responde: escolha outra',
  'version {version} of {name} predicts something else than the champion: promote it instead':
    'a versão {version} de {name} prevê outra coisa que o campeão: promova-a em vez disso',
  'version {version} of {name} wants other inputs than the champion ({fields}): promote it instead, or train it with the same ones':
    'a versão {version} de {name} quer outras entradas que o campeão ({fields}): promova-a em vez disso, ou treine-a com as mesmas',
  'the champion of {name} has just changed: look at it, and try again':
    'o campeão de {name} acabou de mudar: olhe para ele e tente de novo',
  'no version of {name} runs beside its champion: there is nothing to end':
    'nenhuma versão de {name} roda ao lado do campeão: não há o que encerrar',
  '{name} has no prediction {id}: it was never made, or is no longer kept':
    '{name} não tem predição {id}: ela nunca foi feita, ou já não é guardada',
  'one row is explained at a time: send it as { row: {…} }': 'explica-se uma linha por vez: envie-a como { row: {…} }',
  'rows: expected a list of maps of fields': 'rows: esperava uma lista de mapas de campos',
  'a forecast has no rows to predict for: read its table, which holds the steps':
    'uma previsão de série não tem linhas a prever: leia a tabela dela, que guarda os passos',
  'the model parts one feature at {places} places: train it again with fewer bins':
    'o modelo divide um atributo em {places} pontos: treine-o de novo com menos faixas',
  'row {row}: {message}': 'linha {row}: {message}',
  'row {row}: expected a map of fields, got {got}': 'linha {row}: esperava um mapa de campos, veio {got}',
  'it knows {names}': 'ele conhece {names}',
  'the model has no field "{unknown}": {hint}': 'o modelo não tem o campo "{unknown}": {hint}',
  'the forecast has no field "{unknown}": it knows {time}':
    'a previsão de série não tem o campo "{unknown}": ela conhece {time}',
  '"{time}" expects one of the {count} steps from {first} to {last}':
    '"{time}" espera um dos {count} passos de {first} a {last}',
  'the field "{name}" is missing: give {expected}, or null when it is not known':
    'falta o campo "{name}": dê {expected}, ou null quando não for conhecido',
  'the field "{name}" is missing: give {expected}': 'falta o campo "{name}": dê {expected}',
  '"{name}" expects {expected}, got {got}': '"{name}" espera {expected}, veio {got}',
  'a time such as 2024-01-31 or 2024-01-31T12:00:00Z': 'um momento como 2024-01-31 ou 2024-01-31T12:00:00Z',
  'one of {names} and {length} more': 'um de {names} e mais {length}',
  'one of {names}': 'um de {names}',
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
  '{known} rows with a `{target}` are too few to forecast from: at least {least} are needed':
    '{known} linhas com `{target}` são poucas para uma previsão: são precisas pelo menos {least}',
  'more than one row has the `{time}` {which}: what was is the same for all scenarios, and of what is to come each has one row a step':
    'mais de uma linha tem `{time}` {which}: o que foi é o mesmo em todos os cenários, e do que virá cada um tem uma linha por passo',
  '"{scenario}" expects one of {names}': '"{scenario}" espera um destes: {names}',
  'a row to come has no `{scenario}`: say of each which scenario it is of':
    'uma linha futura não tem `{scenario}`: diga de cada uma a que cenário pertence',
  'no row says what {drivers} will be at {when}: add rows to come with them and an empty `{target}`, or ask for fewer steps':
    'nenhuma linha diz quanto {drivers} serão em {when}: acrescente linhas futuras com esses valores e `{target}` vazio, ou peça menos passos',
  'no row of {scenario} says what {drivers} will be at {when}: add rows to come with them and an empty `{target}`, or ask for fewer steps':
    'nenhuma linha de {scenario} diz quanto {drivers} serão em {when}: acrescente linhas futuras com esses valores e `{target}` vazio, ou peça menos passos',
  '`{driver}` has no value at {when}: a driver is known in every row':
    '`{driver}` não tem valor em {when}: um fator é conhecido em todas as linhas',
  '{known} steps are too few to tell what {drivers} change: at least {least} are needed; name fewer drivers, or set `params: { period: 1 }` where there is no season':
    '{known} passos são poucos para saber o que {drivers} mudam: são precisos pelo menos {least}; nomeie menos fatores, ou defina `params: { period: 1 }` onde não há sazonalidade',
  'more than one row has the `{time}` {which}: sum or average them first, one row a step':
    'há mais de uma linha com `{time}` {which}: some-as ou tire a média antes, uma linha por passo',
  '`{target}` has {count} different values: that is no class; use task: regression, or group them first':
    '`{target}` tem {count} valores diferentes: isso não é uma classe; use task: regression, ou agrupe-os antes',
  '`decision` needs a target of two classes: `{target}` has {count} ({classes})':
    '`decision` precisa de um alvo de duas classes: `{target}` tem {count} ({classes})',
  '{known} rows with a `{target}` are too few to learn from: at least {least} are needed':
    '{known} linhas com `{target}` são poucas para aprender: são precisas pelo menos {least}',
  'training needed more than {memoryLimitMb} MB: use fewer trees, a smaller depth, or fewer rows':
    'o treino precisou de mais de {memoryLimitMb} MB: use menos árvores, menos profundidade ou menos linhas',
  '{name} is a forecast, a list of steps and no function of columns: read its table instead':
    '{name} é uma previsão de série, uma lista de passos e não uma função de colunas: leia a tabela dela',
  '`{name}` is {type}: regression predicts a number; use task: classification, or cast it':
    '`{name}` é {type}: uma regressão prevê um número; use task: classification, ou converta-a',
  '`{from}` has a column `{name}`, and so has the table of what is predicted: give that one another name':
    '`{from}` tem uma coluna `{name}`, e a tabela do que se prevê também: dê outro nome àquela',
  '`{from}` has no column `{word}`: {hint}': '`{from}` não tem a coluna `{word}`: {hint}',
  'did you mean `{meant}`?': 'quis dizer `{meant}`?',
  '`{name}` is {type}: {because}; cast it first': '`{name}` é {type}: {because}; converta-a antes',
  'a forecast goes along dates or numbers': 'uma previsão de série segue datas ou números',
  'what drives a series is neither its time nor its target': 'o que move uma série não é o seu tempo nem o seu alvo',
  'what drives a series is a number, or true and false': 'o que move uma série é um número, ou verdadeiro e falso',
  'a forecast predicts numbers': 'uma previsão de série prevê números',
  '`{name}` is the target: it cannot be a feature too': '`{name}` é o alvo: não pode ser também um atributo',
  '`{name}` is {type}: features are numbers, booleans, times and text; take a part of it first':
    '`{name}` é {type}: atributos são números, booleanos, momentos e textos; tome antes uma parte dela',
  'version {version} of {name} was trained before drift was measured: run its notebook with fullRefresh to train it again':
    'a versão {version} de {name} foi treinada antes de se medir a deriva: execute o caderno com fullRefresh para treiná-la de novo',
  'version {version} of {name} can answer nothing that its notebook’s model was asked: {why}':
    'a versão {version} de {name} não responde a nada do que se perguntou ao modelo do caderno: {why}',
  'row {row}: {relation} knows no features of {entity}; run its notebook, or give {features}':
    'linha {row}: {relation} não conhece atributos de {entity}; execute o caderno dela, ou dê {features}',
  'row {row}: give {entity} to look its features up in {relation}, or give {features}':
    'linha {row}: dê {entity} para buscar os atributos em {relation}, ou dê {features}',
  '{rows} rows are too many for one request: send at most {most}, or score them in a notebook':
    '{rows} linhas são demais para um pedido: envie no máximo {most}, ou pontue-as em um caderno',
};
