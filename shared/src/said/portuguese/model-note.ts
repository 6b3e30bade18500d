/** What is noted in the report of a trained model. */
export const modelNote = {
  '`{name}` alone tells the classes apart: make sure that it is known before the answer is':
    '`{name}` sozinho separa as classes: confira se ele é conhecido antes da resposta',
  '`{name}` alone tells the number: make sure that it is known before the answer is':
    '`{name}` sozinho dá o número: confira se ele é conhecido antes da resposta',
  '`{name}` was left out: {type} cannot be learned from': '`{name}` ficou de fora: não se aprende de {type}',
  '`{name}` differs in every row: a key, not a feature; list it in `features` to learn from it':
    '`{name}` é diferente em cada linha: uma chave, não um atributo; liste-o em `features` para aprender dele',
  'rows left out because they have no target: {count}': 'linhas que ficaram de fora por não ter alvo: {count}',
  'steps without a value, filled between their neighbours: {count}':
    'passos sem valor, preenchidos entre os vizinhos: {count}',
  'two seasons of {period} steps are needed to learn a season: the last one is repeated with its drift':
    'são precisos dois ciclos de {period} passos para aprender a sazonalidade: o último se repete com a sua tendência',
  'without a season the last value goes on with its drift':
    'sem sazonalidade, o último valor segue com a sua tendência',
  '`{name}` never changed but with the season: nothing is learned of it':
    '`{name}` nunca mudou além da sazonalidade: nada se aprende dele',
  'holidays are told of days alone: this series has another step':
    'feriados são contados em dias apenas: esta série tem outro passo',
  'no season is known for this step: set `params: { period: … }` if there is one':
    'não se conhece sazonalidade para este passo: defina `params: { period: … }` se houver',
};
