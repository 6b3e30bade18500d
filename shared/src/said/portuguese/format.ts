/** What reading a notebook's text says of its cells, names and YAML. */
export const format = {
  '"{name}" cannot name a cell: use a-z, 0-9 and _, beginning with a letter':
    '"{name}" não serve de nome de célula: use a-z, 0-9 e _, começando com uma letra',
  'another cell above is named "{name}" too: give this one its own name':
    'outra célula acima também se chama "{name}": dê a esta um nome só dela',
  'the front matter is not closed: end it with a line ---': 'o cabeçalho não foi fechado: termine-o com uma linha ---',
  'bad value for "title": expected text, got {got}': 'valor inválido em "title": esperava texto, veio {got}',
  'missing key "datacraft": write datacraft: {formatVersion}, the version of the format':
    'falta a chave "datacraft": escreva datacraft: {formatVersion}, a versão do formato',
  'this notebook is in version {version} of the format and this program reads version {formatVersion}: update DataCraft to open it':
    'este caderno está na versão {version} do formato e este programa lê a versão {formatVersion}: atualize o DataCraft para abri-lo',
  'bad value for "datacraft": expected {formatVersion}, got {got}':
    'valor inválido em "datacraft": esperava {formatVersion}, veio {got}',
  'this cell is not closed: end it with a line {missingCloser}':
    'esta célula não foi fechada: termine-a com uma linha {missingCloser}',
  'this header is not closed: end it with a line ---': 'este cabeçalho não foi fechado: termine-o com uma linha ---',
  '"{first}" is no kind of cell, so this is prose; did you mean "{kind}"?':
    '"{first}" não é um tipo de célula, então isto é prosa; quis dizer "{kind}"?',
  'this {info} cell has no name: write one after the kind, such as "{info} orders"':
    'esta célula {info} não tem nome: escreva um depois do tipo, como "{info} pedidos"',
  'nested too deeply to be read': 'aninhado demais para ser lido',
  'expected lines of the form "key: value"': 'esperava linhas da forma "chave: valor"',
  'aliases are not supported: write the value out': 'apelidos não são aceitos: escreva o valor por extenso',
  'this value is not supported': 'este valor não é aceito',
  '{text} cannot be kept exactly as a number: put it in quotes':
    '{text} não pode ser guardado como número exato: ponha-o entre aspas',
  'the key "{name}" is there twice': 'a chave "{name}" aparece duas vezes',
  'expected a word as key': 'esperava uma palavra como chave',
  'this line is indented too far, or holds a second "key: "; put such text in quotes':
    'esta linha está recuada demais, ou tem um segundo "chave: "; ponha esse texto entre aspas',
  'a tab cannot indent YAML: use spaces': 'tabulação não recua YAML: use espaços',
};
