/** What a look at the first rows of a source makes us doubt. */
export const warning = {
  'rows are rejected, first {file} line {line}: {why}':
    'há linhas recusadas, a primeira em {file}, linha {line}: {why}',
  'the first line is skipped ("{what}")': 'a primeira linha é pulada ("{what}")',
  'the first {count} lines are skipped ("{what}")': 'as {count} primeiras linhas são puladas ("{what}")',
  'column {at} has no name in the header and is called "{name}"':
    'a coluna {at} não tem nome no cabeçalho e se chama "{name}"',
  'the header says "{written}" twice; column {at} is called "{name}"':
    'o cabeçalho diz "{written}" duas vezes; a coluna {at} se chama "{name}"',
  'numbers are written with a decimal comma ({commas} sampled values) and with a decimal point ({dots}); "{decimal}" is taken as the decimal sign, set decimal: to decide':
    'há números com vírgula decimal ({commas} valores da amostra) e com ponto decimal ({dots}); "{decimal}" vale como sinal decimal, escreva decimal: para decidir',
  'values such as 1,234 are taken as decimals; set decimal: "." if the comma separates thousands':
    'valores como 1,234 são lidos como decimais; escreva decimal: "." se a vírgula separa milhares',
  'dates are read day first, as numbers have a decimal comma; no day above 12 was seen, so set {what}: if that is wrong':
    'as datas são lidas com o dia primeiro, pois os números têm vírgula decimal; nenhum dia acima de 12 apareceu, escreva {what}: se não for assim',
  'dates could be day first or month first, as no day above 12 was seen; they are kept as text, set {what}: "{format}" or another':
    'as datas podem ter o dia ou o mês primeiro, pois nenhum dia acima de 12 apareceu; ficam como texto, escreva {what}: "{format}" ou outro',
  '"{marker}" is read as empty (NULL)': '"{marker}" é lido como vazio (NULL)',
  '{file} is UTF-8 with some broken bytes; the rows that hold them are rejected':
    '{file} é UTF-8 com alguns bytes quebrados; as linhas que os têm são recusadas',
  '{file} is not UTF-8 and is read as {encoding}; set encoding: if its letters look wrong':
    '{file} não é UTF-8 e é lido como {encoding}; escreva encoding: se as letras parecerem erradas',
  '"{name}" is kept as text because of leading zeros ({example}); declare columns: {declared} if it is a number':
    '"{name}" fica como texto por causa dos zeros à esquerda ({example}); declare columns: {declared} se for um número',
  '"{name}" is kept as text: its {many} ({example}) are written another way than the rest of the file':
    '"{name}" fica como texto: tem {many} ({example}) em outro formato que o resto do arquivo',
  '"{name}" is kept as text: {odd} of {values} sampled values are no {what}{first}; declare its type and rejects: table to set such rows aside':
    '"{name}" fica como texto: {odd} de {values} valores da amostra não são {what}{first}; declare o tipo e rejects: table para separar essas linhas',
  ', first "{value}" on line {line}': ', o primeiro é "{value}" na linha {line}',
  number: 'número',
  numbers: 'números',
  date: 'data',
  dates: 'datas',
  timestamp: 'momento',
  timestamps: 'momentos',
  'no sampled record has "{name}", which columns: declares':
    'nenhum registro da amostra tem "{name}", que columns: declara',
  '"{name}" is kept as JSON text, as it holds numbers too large for a DOUBLE':
    '"{name}" fica como texto JSON, pois tem números grandes demais para um DOUBLE',
  '{shownAs} is one object and gives one row; set records: to the path of the list in it, such as $.items':
    '{shownAs} é um objeto e dá uma linha; escreva em records: o caminho da lista dentro dele, como $.items',
  'it gave no record': 'não deu nenhum registro',
  'it holds no record': 'não tem nenhum registro',
  'no object matches the path': 'nenhum objeto corresponde ao caminho',
} as const;
