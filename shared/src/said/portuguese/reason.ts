/**
 * Why a row was set aside, or a message could not be read. Tables keep these as English texts: `reasonSaid` finds the
 * sentence again.
 */
export const reason = {
  'not valid JSON': 'não é JSON válido',
  'not valid JSON: {why}': 'não é JSON válido: {why}',
  'expected an object, got {got}': 'esperava um objeto, veio {got}',
  '{column}: could not convert string "{value}" to {type}':
    '{column}: não foi possível converter o texto "{value}" em {type}',
  '{column}: could not convert {value} to {type}': '{column}: não foi possível converter {value} em {type}',
  'too few values: expected {expected} found: {found}': 'faltam valores: esperava {expected}, vieram {found}',
  'too many values: expected {expected} found: {found}': 'sobram valores: esperava {expected}, vieram {found}',
  'a quoted value is not closed, or goes on after its closing quote':
    'um valor entre aspas não foi fechado, ou continua depois das aspas finais',
  'the line is too long: {why}': 'a linha é longa demais: {why}',
  'not valid UTF-8; set encoding: if the file is in another one':
    'não é UTF-8 válido; escreva encoding: se o arquivo está em outra codificação',
  'not read as CSV ({kind}): {why}': 'não foi lido como CSV ({kind}): {why}',
  '{first}; {next}': '{first}; {next}',
  'not CSV of these columns: expected {expected} values, got {got}':
    'não é CSV destas colunas: esperava {expected} valores, vieram {got}',
  'not one line of CSV: it has a line break outside of quotes':
    'não é uma linha de CSV: tem uma quebra de linha fora de aspas',
  'not CSV: a closing quote is followed by more text': 'não é CSV: depois das aspas finais vem mais texto',
  'not CSV: a quote is not closed': 'não é CSV: faltam as aspas finais',
  'not of a schema registry: expected a first byte 0 and the id of a schema, got {first}':
    'não é de um registro de esquemas: esperava um primeiro byte 0 e o id de um esquema, veio {first}',
  'not of a schema registry: expected a first byte 0 and the id of a schema, got nothing':
    'não é de um registro de esquemas: esperava um primeiro byte 0 e o id de um esquema, não veio nada',
  'its schema {id} has no text in the registry': 'o esquema {id} dela não tem texto no registro',
  'its schema {id} is not in the registry': 'o esquema {id} dela não está no registro',
  'its schema {id} is not in the built-in registry': 'o esquema {id} dela não está no registro embutido',
  'its schema {id} is of type {type}, not Avro': 'o esquema {id} dela é do tipo {type}, não Avro',
  'its schema {id} is of type {type}, not Protobuf': 'o esquema {id} dela é do tipo {type}, não Protobuf',
  'its Avro schema cannot be read: {why}': 'o esquema Avro dela não pode ser lido: {why}',
  'its Protobuf schema cannot be read: {why}': 'o esquema Protobuf dela não pode ser lido: {why}',
  'its schema has no message at {path}': 'o esquema dela não tem mensagem em {path}',
  'it ends before it says which message it is': 'termina antes de dizer qual mensagem é',
  'not Avro of its schema: {why}': 'não é Avro do seu esquema: {why}',
  'not Protobuf of {type}: {why}': 'não é Protobuf de {type}: {why}',
  'it holds a value that its type cannot be: {why}': 'tem um valor que seu tipo não pode ter: {why}',
  'a block holds more than its {count} records': 'um bloco tem mais do que os seus {count} registros',
  'a record is not of its schema: {why}': 'um registro não é do seu esquema: {why}',
  'a record is longer than its block': 'um registro é mais longo do que o seu bloco',
  'several records in one (KPL aggregation), which is not read; turn aggregation off':
    'vários registros em um (agregação da KPL), o que não é lido; desligue a agregação',
} as const;
