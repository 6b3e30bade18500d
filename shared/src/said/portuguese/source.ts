/** What is said of sources: files, formats, addresses. */
export const source = {
  'the connection {name} is of type {type}; this source needs one of type kinesis':
    'a conexão {name} é do tipo {type}; esta fonte precisa de uma do tipo kinesis',
  '{file}, line {line}: {why}': '{file}, linha {line}: {why}',
  '{file}, line {line}: {reason}{rest}; {hint}': '{file}, linha {line}: {reason}{rest}; {hint}',
  '{file}, record {line}: {reason}{rest}; {hint}': '{file}, registro {line}: {reason}{rest}; {hint}',
  '{file}, row {line}: {reason}{rest}; {hint}': '{file}, linha {line}: {reason}{rest}; {hint}',
  ' (and 1 more row)': ' (e mais 1 linha)',
  ' (and {more} more rows)': ' (e mais {more} linhas)',
  'mend the row, declare another type with columns: {declared}, or set rejects: table to keep the good rows':
    'corrija a linha, declare outro tipo com columns: {declared}, ou escreva rejects: table para guardar as linhas boas',
  'mend the row, or set rejects: table to keep the good rows':
    'corrija a linha, ou escreva rejects: table para guardar as linhas boas',
  '{file} cannot be read with these options: {reason}': '{file} não pode ser lido com estas opções: {reason}',
  '{shownAs}, line {line}: a value opens with a quote that is not closed within megabytes; {hint}':
    '{shownAs}, linha {line}: um valor abre aspas que não se fecham em megabytes; {hint}',
  'mend that line, or set quote: "" if quotes are plain characters in this file':
    'corrija essa linha, ou escreva quote: "" se as aspas são caracteres comuns neste arquivo',
  '{shownAs} holds no text at all; write it again and run once more':
    '{shownAs} não contém texto nenhum; grave-o de novo e execute outra vez',
  'encoding "{encoding}" is not known; use utf-8, latin-1, windows-1252, utf-16 or another IANA name such as shift_jis':
    'a codificação "{encoding}" não é conhecida; use utf-8, latin-1, windows-1252, utf-16 ou outro nome da IANA, como shift_jis',
  '{shownAs} begins like a gzip file but cannot be unpacked; the file is cut off or damaged, get it again':
    '{shownAs} começa como um arquivo gzip mas não pode ser descompactado; está cortado ou danificado, obtenha-o de novo',
  '{shownAs} has a line longer than {limitMb} MB: its line ends are missing, or it is not a table; write it again with one record a line':
    '{shownAs} tem uma linha maior que {limitMb} MB: faltam os fins de linha, ou não é uma tabela; grave-o de novo com um registro por linha',
  'column "{column}" is declared as "{type}", which is not a type: use a DuckDB type such as bigint, decimal(12,2), varchar, date or timestamp':
    'a coluna "{column}" está declarada como "{type}", que não é um tipo: use um tipo do DuckDB, como bigint, decimal(12,2), varchar, date ou timestamp',
  '{shownAs} has no column "{column}", which columns: declares; {hint}':
    '{shownAs} não tem a coluna "{column}", que columns: declara; {hint}',
  'did you mean {near}?': 'quis dizer {near}?',
  'its columns are {known}': 'as colunas são {known}',
  'path is empty; name a file beside the notebook': 'path está vazio; escreva o nome de um arquivo ao lado do caderno',
  'a path cannot hold a NUL character': 'um caminho não pode conter um caractere NUL',
  '{pattern} matches more than {MATCHES_MAX} files; narrow the pattern':
    '{pattern} encontra mais de {MATCHES_MAX} arquivos; restrinja o padrão',
  '{shownAs} does not exist; put the file beside the notebook or mend path:':
    '{shownAs} não existe; ponha o arquivo ao lado do caderno ou corrija path:',
  '{shownAs} is a folder; name a file in it, or all of them with {folder}/*.csv':
    '{shownAs} é uma pasta; escreva um arquivo dela, ou todos com {folder}/*.csv',
  '{shownAs} is not a regular file (a device, pipe or socket)':
    '{shownAs} não é um arquivo comum (é um dispositivo, pipe ou socket)',
  "{shownAs} is hard-linked to another name, which may lie outside the notebook's folder; copy the file, or list its folder in DATACRAFT_ALLOWED_PATHS":
    '{shownAs} tem um link físico para outro nome, que pode estar fora da pasta do caderno; copie o arquivo, ou ponha a pasta dele em DATACRAFT_ALLOWED_PATHS',
  'the file cannot be opened: a link loop or a missing permission':
    'o arquivo não pode ser aberto: links em círculo ou falta de permissão',
  "{shownAs} lies outside the notebook's folder; put the file beside the notebook, or have the operator list its folder in DATACRAFT_ALLOWED_PATHS":
    '{shownAs} está fora da pasta do caderno; ponha o arquivo ao lado do caderno, ou peça a quem opera o servidor que ponha a pasta em DATACRAFT_ALLOWED_PATHS',
  'no file matches {pattern}; check the folder and the pattern':
    'nenhum arquivo corresponde a {pattern}; confira a pasta e o padrão',
  '{path} belongs to another notebook; upload the file to this one':
    '{path} pertence a outro caderno; envie o arquivo para este',
  '{path} is not an upload; its form is upload://<id>/<name>': '{path} não é um envio; a forma é upload://<id>/<nome>',
  '{scheme}:// paths cannot be read; use a file beside the notebook, an upload or an https:// URL':
    'caminhos {scheme}:// não podem ser lidos; use um arquivo ao lado do caderno, um envio ou uma URL https://',
  '{shownAs} is empty (0 bytes); write it again, or point path: at another file':
    '{shownAs} está vazio (0 bytes); grave-o de novo, ou aponte path: para outro arquivo',
  '{shownAs} is a gzip file; unpack it, or use type: csv or json':
    '{shownAs} é um arquivo gzip; descompacte-o, ou use type: csv ou json',
  '{shownAs} is read as {kind} but is {found}{zipped}; {advice}':
    '{shownAs} é lido como {kind} mas é {found}{zipped}; {advice}',
  ', gzipped': ', compactado com gzip',
  'plain text': 'texto comum',
  'a Parquet file': 'um arquivo Parquet',
  'a zip archive': 'um arquivo zip',
  'an Excel workbook': 'uma pasta de trabalho do Excel',
  'an old Excel workbook (.xls)': 'uma pasta de trabalho antiga do Excel (.xls)',
  'an Arrow file': 'um arquivo Arrow',
  'an Avro file': 'um arquivo Avro',
  'an SQLite database': 'um banco SQLite',
  'a PDF document': 'um documento PDF',
  'a web page (HTML)': 'uma página da web (HTML)',
  'a zstd archive': 'um arquivo zstd',
  'an image': 'uma imagem',
  'binary data': 'dados binários',
  'unpack it first (gzip, .gz, is read as it is)': 'descompacte-o antes (gzip, .gz, é lido como está)',
  'save it as .xlsx': 'salve-o como .xlsx',
  'write it as Parquet': 'grave-o como Parquet',
  'export the table as CSV': 'exporte a tabela como CSV',
  'the download probably gave a login or error page; get the file itself':
    'o download deve ter dado uma página de login ou de erro; obtenha o próprio arquivo',
  'point path: at another file': 'aponte path: para outro arquivo',
  'fetching was cancelled': 'a busca foi cancelada',
  '{shownAs} redirects to an address that is no URL': '{shownAs} redireciona para um endereço que não é uma URL',
  '{shownAs} redirects more than {REDIRECTS_MAX} times': '{shownAs} redireciona mais de {REDIRECTS_MAX} vezes',
  '{shownAs} broke off after {sizeBytes} bytes; try again':
    '{shownAs} parou depois de {sizeBytes} bytes; tente de novo',
  'a part of this reading is of another kind': 'uma parte desta leitura é de outro tipo',
  'a row of this part is bad': 'uma linha desta parte é ruim',
  'parts of this reading say little of the whole': 'as partes desta leitura dizem pouco do todo',
  '{shownAs} is larger than {limitMb} MB, the limit for fetched files':
    '{shownAs} é maior que {limitMb} MB, o limite para arquivos buscados',
  '{url} answered more than 256 MB in one page; ask for smaller pages':
    '{url} respondeu mais de 256 MB em uma página; peça páginas menores',
  '{url} broke off after {length} bytes; try again': '{url} parou depois de {length} bytes; tente de novo',
  '{url} redirects more than {REDIRECTS_MAX} times': '{url} redireciona mais de {REDIRECTS_MAX} vezes',
  '{text} names no secret; its form is secret://name, secret://vault/path#field or secret://aws/name#field':
    '{text} não nomeia um segredo; a forma é secret://nome, secret://vault/caminho#campo ou secret://aws/nome#campo',
  'a record has no {field} to be read by, got {got}; correct incremental.cursor':
    'um registro não tem {field} por onde ser lido, veio {got}; corrija incremental.cursor',
  'more than {BOUNDARY_MAX} records have the same {field}; use a finer column for incremental.cursor':
    'mais de {BOUNDARY_MAX} registros têm o mesmo {field}; use uma coluna mais fina em incremental.cursor',
  '{key}: {path} is not a path such as $.data.items (at "{text}")':
    '{key}: {path} não é um caminho como $.data.items (em "{text}")',
  '{url} answered 404; check url:': '{url} respondeu 404; confira url:',
  '{url} answered page {number} with the records of the page before; it does not hear pagination of type {type}, correct pagination:':
    '{url} respondeu a página {number} com os registros da anterior; não entende paginação do tipo {type}, corrija pagination:',
  '{url} did not answer JSON: {reason}; check url:': '{url} não respondeu JSON: {reason}; confira url:',
  '{url} has more than {PAGES_MAX} pages; ask for larger ones':
    '{url} tem mais de {PAGES_MAX} páginas; peça páginas maiores',
  '{url} has no list of records; correct records:': '{url} não tem uma lista de registros; corrija records:',
  '{url} has no list of records at {records}; correct records:':
    '{url} não tem uma lista de registros em {records}; corrija records:',
  '{shownAs} is not valid JSON: {reason} at line {line}, column {column}; mend the file there':
    '{shownAs} não é JSON válido: {reason} na linha {line}, coluna {column}; corrija o arquivo ali',
  'records: "{asked}" is not a JSON path; it begins with $, as in $.items':
    'records: "{asked}" não é um caminho JSON; começa com $, como em $.items',
  '{names} cannot be read as JSON: {reason}': '{names} não pode ser lido como JSON: {reason}',
  '{names} has a record that is too large: at most {mb} MB are read; split it, or make each item a record':
    '{names} tem um registro grande demais: são lidos no máximo {mb} MB; divida-o, ou faça de cada item um registro',
  '{shownAs} has no list at records: {path}, but {type}{has}':
    '{shownAs} não tem uma lista em records: {path}, e sim {type}{has}',
  '{shownAs} has nothing at records: {path}{has}': '{shownAs} não tem nada em records: {path}{has}',
  '; the document has {keys}': '; o documento tem {keys}',
  'a URL with a password in it is not fetched: {url}': 'uma URL com senha não é buscada: {url}',
  '{address} is not a URL': '{address} não é uma URL',
  '{protocol} URLs are not fetched; use https://': 'URLs {protocol} não são buscadas; use https://',
  '{url} sent nothing for {timeoutMs} s; try again later':
    '{url} não enviou nada por {timeoutMs} s; tente de novo mais tarde',
  '{host} is an address of a private network and is not fetched; have the operator list it in DATACRAFT_ALLOWED_HOSTS':
    '{host} é um endereço de rede privada e não é buscado; peça a quem opera o servidor que o ponha em DATACRAFT_ALLOWED_HOSTS',
  '{host} is not known (DNS); check the address': '{host} não é conhecido (DNS); confira o endereço',
  '{url} cannot be fetched: {message}': '{url} não pode ser buscado: {message}',
  'column "{name}" is {type} in {one} but {found} in {other}; declare its type with columns: { {name}: varchar }, or read the files as two sources':
    'a coluna "{name}" é {type} em {one} mas {found} em {other}; declare o tipo com columns: { {name}: varchar }, ou leia os arquivos como duas fontes',
  '{shownAs} begins as Parquet but has no valid footer: it is cut off or still being written; get it again':
    '{shownAs} começa como Parquet mas não tem um rodapé válido: está cortado ou ainda sendo gravado; obtenha-o de novo',
  '{shownAs} is a damaged Parquet file: {reason}; get it again':
    '{shownAs} é um arquivo Parquet danificado: {reason}; obtenha-o de novo',
  'table: "{table}" is not a published table; write layer.name, as in silver.orders':
    'table: "{table}" não é uma tabela publicada; escreva camada.nome, como em silver.orders',
  'two columns are named {name}; name them apart in query:':
    'duas colunas se chamam {name}; dê nomes diferentes em query:',
  '{place} has no host; write host:, url: or connection:':
    '{place} não tem servidor; escreva host:, url: ou connection:',
  'the connection {name} is of type {type}, but this cell is of type {own}; correct connection: or type:':
    'a conexão {name} é do tipo {type}, mas esta célula é do tipo {own}; corrija connection: ou type:',
  'url: is not of the form {form}; correct it or the secret it names':
    'url: não tem a forma {form}; corrija-a, ou o segredo que ela cita',
  'connections of type {type} cannot be looked into': 'conexões do tipo {type} não podem ser examinadas',
  'name a bucket of the connection, so that there is something to look into':
    'escreva o bucket da conexão, para que haja o que examinar',
  '{file} has no rows in {sheet}; correct sheet: or range:':
    '{file} não tem linhas em {sheet}; corrija sheet: ou range:',
  'sheet {sheet}': 'planilha {sheet}',
  'sheet {sheet}, {range}': 'planilha {sheet}, {range}',
  '{file} has no sheet {sheet}; it has {known}': '{file} não tem a planilha {sheet}; tem {known}',
  '{file} is a damaged workbook: {reason}; save it again as .xlsx':
    '{file} é uma pasta de trabalho danificada: {reason}; salve-a de novo como .xlsx',
  'run the cell with a full refresh to read it from where it begins now':
    'execute a célula com uma atualização completa para ler a partir de onde ele começa agora',
  'the stream {stream} was made anew since it was read; {anew}':
    'o fluxo {stream} foi criado de novo desde a última leitura; {anew}',
  'records of shard {shard} of {stream} are gone unread; {anew}':
    'registros do fragmento {shard} de {stream} se foram sem ser lidos; {anew}',
  'start: expected earliest, latest or a time such as 2026-01-31T12:00:00Z, got {start}':
    'start: espera-se earliest, latest ou um momento como 2026-01-31T12:00:00Z, e veio {start}',
  'record {sequence} of {shard} of {stream} is {reason}; mend the producer, or set rejects: table to set such records aside':
    'o registro {sequence} de {shard} de {stream} não serve: {reason}; corrija quem o produz, ou escreva rejects: table para separar tais registros',
  'the stream {stream} cannot be read: {reason} ({status}); {advice}':
    'o fluxo {stream} não pode ser lido: {reason} ({status}); {advice}',
  'check stream: and region:': 'confira stream: e region:',
  'check access_key, secret_key and what they may read': 'confira access_key, secret_key e o que podem ler',
  'try again later': 'tente de novo mais tarde',
  '{file} is packed with {codec}; write it with deflate, snappy, zstandard or null':
    '{file} está compactado com {codec}; grave-o com deflate, snappy, zstandard ou null',
  '{file} is a damaged Avro file: {why}; get it again': '{file} é um arquivo Avro danificado: {why}; obtenha-o de novo',
  'it is cut off in its header': 'está cortado no cabeçalho',
  'it is cut off in block {number}': 'está cortado no bloco {number}',
  'block {number} has no length that can be': 'o bloco {number} tem um tamanho impossível',
  'block {number} does not end where it says': 'o bloco {number} não termina onde diz',
  'block {number} cannot be unpacked': 'o bloco {number} não pode ser descompactado',
  'rows: {rows} is not a whole number from 0 to {most}': 'rows: {rows} não é um número inteiro de 0 a {most}',
  'rate: "{rate}" is not a rate; write 100/s, 5/min, 20/h or 3/d':
    'rate: "{rate}" não é um ritmo; escreva 100/s, 5/min, 20/h ou 3/d',
  'dirt: "{dirt}" is not a share of rows; write 2%': 'dirt: "{dirt}" não é uma parcela das linhas; escreva 2%',
  'start: "{start}" is not a date; write 2025-01-31 or 2025-01-31T08:00:00':
    'start: "{start}" não é uma data; escreva 2025-01-31 ou 2025-01-31T08:00:00',
};
