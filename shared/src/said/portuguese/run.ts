/** What is said of runs, their tasks and what they read. */
export const run = {
  'in {cell}: {message}': 'em {cell}: {message}',
  '{message} ({hint})': '{message} ({hint})',
  'there is no cell named `{name}`': 'não há célula chamada `{name}`',
  'the server answered {status}: try again': 'o servidor respondeu {status}: tente outra vez',
  'the browser cannot compute this, and the server does not have the rows that you hold of {names}; release them to see it':
    'o navegador não consegue calcular isto, e o servidor não tem as linhas que você segura de {names}; solte-as para ver',
  'no session is open in this process': 'nenhuma sessão está aberta neste processo',
  'the statement was interrupted': 'o comando foi interrompido',
  cancelled: 'cancelado',
  'the rows are larger than {mb} MB; ask for fewer rows or columns, or download them as a file':
    'as linhas passam de {mb} MB; peça menos linhas ou colunas, ou baixe-as como arquivo',
  'expected one statement, got {got}': 'esperava um comando, veio {got}',
  'parameter ${name} has no value; give it one': 'o parâmetro ${name} não tem valor; dê-lhe um',
  'expected a DuckDB type, got "{type}"': 'esperava um tipo do DuckDB, veio "{type}"',
  'a result is written only into the private directory of its session':
    'um resultado só é gravado na pasta privada da sua sessão',
  'out of memory: the statement outgrew its process, whose limit is {memoryLimitMb} MB; make its values smaller or raise the memory limit':
    'faltou memória: o comando passou do limite do seu processo, que é {memoryLimitMb} MB; reduza os valores ou aumente o limite de memória',
  'out of memory: the statement needs more than this session may use; read fewer rows or columns, aggregate earlier, or raise the memory limit':
    'faltou memória: o comando precisa de mais do que esta sessão pode usar; leia menos linhas ou colunas, agregue antes, ou aumente o limite de memória',
  'no space left: neither the disk nor the spill limit has room for this statement; free space or read less':
    'não há espaço: nem o disco nem o limite de transbordo comportam este comando; libere espaço ou leia menos',
  'SQL sees the cells of its notebook and published tables; files, the network, extensions and settings are closed to it':
    'o SQL vê as células do seu caderno e as tabelas publicadas; arquivos, rede, extensões e configurações estão fechados para ele',
  'a value of the result is too large to send; shorten it in the query':
    'um valor do resultado é grande demais para ser enviado; encurte-o na consulta',
  'stopped after {seconds} s, the time limit; read less or raise the limit':
    'parou depois de {seconds} s, o tempo limite; leia menos ou aumente o limite',
  'this session has ended with its process; open a new one': 'esta sessão acabou com o seu processo; abra outra',
  'this session is closed; open a new one': 'esta sessão está fechada; abra outra',
  'the query engine is shutting down': 'o motor de consultas está encerrando',
  'the process that ran this statement ended unexpectedly; run it again, with fewer rows if it happens twice':
    'o processo que executava este comando acabou de repente; execute de novo, com menos linhas se acontecer outra vez',
  'contract: the column {name} is declared as "{type}", which is not a type: use a DuckDB type such as bigint, decimal(12,2) or date':
    'contrato: a coluna {name} está declarada como "{type}", que não é um tipo: use um tipo do DuckDB, como bigint, decimal(12,2) ou date',
  '`{term}` selects nothing: write name, +name, name+ or +name+':
    '`{term}` não seleciona nada: escreva nome, +nome, nome+ ou +nome+',
  'no cell is called `{name}`{meant}': 'nenhuma célula se chama `{name}`{meant}',
  'no cell is called `{name}`': 'nenhuma célula se chama `{name}`',
  '`{name}` cannot be read: mend its errors first': '`{name}` não pode ser lida: corrija antes os erros dela',
  '`{name}` has no rows yet: run it first': '`{name}` ainda não tem linhas: execute-a antes',
  '`{name}` reads itself: break the cycle first': '`{name}` lê a si mesma: desfaça antes o círculo',
  'the table {table} is not published: run the notebook that makes it':
    'a tabela {table} não está publicada: execute o caderno que a faz',
  'the text is not one SELECT: mend its errors first': 'o texto não é um SELECT: corrija antes os erros',
  '{bad} of {good} rows ({share} %) could not be read, more than max_bad_ratio: {most} lets pass; nothing of them was written{first}; mend the cell or the producer, or raise max_bad_ratio, and start again':
    '{bad} de {good} linhas ({share} %) não puderam ser lidas, mais do que max_bad_ratio: {most} deixa passar; nada delas foi gravado{first}; corrija a célula ou quem produz, ou aumente max_bad_ratio, e comece de novo',
  '; first: {first}': '; a primeira: {first}',
  'none of {count} rows could be read, so nothing was published and the last good table stays; first {said}; look at delimiter, header and columns':
    'nenhuma de {count} linhas pôde ser lida, por isso nada foi publicado e a última tabela boa fica; a primeira: {said}; confira delimiter, header e columns',
  'sources of type {type} cannot be read yet': 'fontes do tipo {type} ainda não podem ser lidas',
  'the source was not identified before its task': 'a fonte não foi identificada antes da sua tarefa',
  'time_column names {column}, which is no column; its columns are {names}':
    'time_column nomeia {column}, que não é uma coluna; as colunas são {names}',
  '{text} is no condition: write one expression over the columns of a row, such as `amount >= 0`':
    '{text} não é uma condição: escreva uma expressão sobre as colunas de uma linha, como `amount >= 0`',
  '{key} needs {other}: name the cells': '{key} precisa de {other}: nomeie as células',
  '{table}: different rows to merge have the same key (keys: {count}, such as {examples}), and nothing says which one is to stay; add sequence_by, or let the SELECT give one row for each key. Nothing of it was published':
    '{table}: linhas diferentes a mesclar têm a mesma chave (chaves: {count}, como {examples}), e nada diz qual delas fica; acrescente sequence_by, ou faça o SELECT dar uma linha por chave. Nada dela foi publicado',
  '{name} is what runs without an environment: leave env out': '{name} é o que roda sem ambiente: deixe env de fora',
  '"{name}" is no name of an environment: write at most 31 small letters, digits, - and _, a letter first':
    '"{name}" não é um nome de ambiente: escreva no máximo 31 letras minúsculas, algarismos, - e _, começando por uma letra',
  'env, branch: a query reads an environment or a branch, not both at once':
    'env, branch: uma consulta lê um ambiente ou um ramo, não os dois de uma vez',
  'there is no environment {name}; a run in it makes it': 'não há ambiente {name}; uma execução nele o cria',
  'a branch has tables of its own already: run it without an environment':
    'um ramo já tem as próprias tabelas: execute-o sem ambiente',
  '{table}: rows to merge have no value in their key (NULL in {columns}; rows: {count}, such as {examples}), so no merge would find them again and each replay would add them once more; fill the key in the SELECT, leave such rows out with WHERE, or set them aside with expect: not_null, on_violation: quarantine. Nothing of it was published':
    '{table}: há linhas a mesclar sem valor na chave (NULL em {columns}; linhas: {count}, como {examples}): nenhuma mescla as acharia de novo e cada repetição as acrescentaria outra vez; preencha a chave no SELECT, deixe essas linhas de fora com WHERE, ou separe-as com expect: not_null, on_violation: quarantine. Nada dela foi publicado',
  'feature_table names {missing}, which is no column; its columns are {names}':
    'feature_table nomeia {missing}, que não é uma coluna; as colunas são {names}',
  'the entity {twice} has two rows: a feature table has one row for each entity and time; aggregate, or deduplicate':
    'a entidade {twice} tem duas linhas: uma tabela de atributos tem uma linha por entidade e tempo; agregue, ou tire as repetidas',
  'a feature table keeps at most {MOST} entities online: leave out those that nobody asks for':
    'uma tabela de atributos mantém no máximo {MOST} entidades disponíveis: deixe de fora as que ninguém pede',
  '`{name}` is no feature table: give its cell `feature_table: { entity, timestamp }`':
    '`{name}` não é uma tabela de atributos: dê à célula dela `feature_table: { entity, timestamp }`',
  '`{from}` has no column `{missing}`, by which `{name}` is looked up: add it':
    '`{from}` não tem a coluna `{missing}`, pela qual `{name}` é consultada: acrescente-a',
  '`{name}` is a column of `{from}` and of `{other}`: leave one out, or rename it':
    '`{name}` é uma coluna de `{from}` e de `{other}`: deixe uma de fora, ou renomeie-a',
  'there is no model {name} to predict with: run the notebook that trains it, or ask for the right to read its table':
    'não há modelo {name} para prever: execute o caderno que o treina, ou peça o direito de ler a tabela dele',
  '{rows} rows have no `{sequence}`, so their place in time is not known: fill it, or set them aside with expect: not_null {sequence}, on_violation: quarantine':
    '{rows} linhas não têm `{sequence}`, por isso não se sabe o lugar delas no tempo: preencha-o, ou separe-as com expect: not_null {sequence}, on_violation: quarantine',
  "a {keep} adds the column `{clash}` itself: give the cell's own another name":
    '{keep} acrescenta a própria coluna `{clash}`: dê outro nome à da célula',
  'its notebook was moved to the bin before it began; restore the notebook and run it again':
    'o caderno foi para a lixeira antes de ela começar; restaure o caderno e execute de novo',
  'the attempt took longer than its attempt_timeout of {seconds} s; raise it, or let the cell do less at once':
    'a tentativa passou do seu attempt_timeout de {seconds} s; aumente-o, ou faça a célula fazer menos de uma vez',
  'no attempt is left for the worker that took the run over: {attempts} were made, the last one ended so: {last}; mend that and run it again, or raise `max_attempts`':
    'não resta tentativa para o executor que assumiu a execução: {attempts} foram feitas, a última terminou assim: {last}; corrija isso e execute de novo, ou aumente `max_attempts`',
  'the worker that made this attempt stopped in the middle; another one has taken the run over':
    'o executor que fazia esta tentativa parou no meio; outro assumiu a execução',
  'the cell took longer than its total_timeout of {seconds} s, stopped in attempt {attempts}; raise it, or let the cell do less at once':
    'a célula passou do seu total_timeout de {seconds} s, parada na tentativa {attempts}; aumente-o, ou faça a célula fazer menos de uma vez',
  'the total_timeout of {seconds} s leaves no time for another attempt after attempt {attempts}: {last}; mend that, or raise total_timeout':
    'o total_timeout de {seconds} s não deixa tempo para outra tentativa depois da tentativa {attempts}: {last}; corrija isso, ou aumente total_timeout',
  'the run took longer than its time-out of {timeoutMs} s; raise `timeout` of the schedule':
    'a execução passou do tempo limite de {timeoutMs} s; aumente `timeout` do agendamento',
  'the run holds no notebook; start it again': 'a execução não tem caderno; comece-a de novo',
  'no rows of {name} are set aside: there is nothing to judge again':
    'nenhuma linha de {name} está separada: não há o que julgar de novo',
  '{name} never ran: run it first': '{name} nunca foi executada: execute-a antes',
  'the SELECT of {name} was changed since its rows were set aside: run it, which makes all of them again':
    'o SELECT de {name} mudou desde que as linhas foram separadas: execute-a, o que refaz todas',
  'run {runId} was deleted with its notebook; it stops': 'a execução {runId} foi apagada com o caderno; ela para',
  'the worker stops; another one takes this run over': 'o executor está parando; outro assume esta execução',
  'this plan is out of date: the notebook, its sources or its tables have changed since it was made. Look at a new plan and run that':
    'este plano está velho: o caderno, as fontes ou as tabelas mudaram desde que foi feito. Veja um plano novo e execute esse',
  'as-of expects a time such as 2025-11-20T06:00:00Z, a snapshot id or a tag, got "{text}"':
    'as-of espera um instante como 2025-11-20T06:00:00Z, um id de snapshot ou uma etiqueta, veio "{text}"',
  'none of {names} has {asked}; ask for one of its snapshots or tags':
    'nenhuma de {names} tem {asked}; peça um dos seus snapshots ou etiquetas',
  '{table} belongs to another notebook; rename this cell or set another layer':
    '{table} pertence a outro caderno; renomeie esta célula ou escolha outra camada',
  '{table} belongs to cell {cell} of notebook "{ownerTitle}"; rename this cell or set another layer. If that cell is gone, run "{ownerTitle}" once: its table is then free':
    '{table} pertence à célula {cell} do caderno "{ownerTitle}"; renomeie esta célula ou escolha outra camada. Se aquela célula não existe mais, execute "{ownerTitle}" uma vez: a tabela fica livre',
  'it was not asked': 'não foi perguntado',
  '{share} of the rows pass, and {least} must': '{share} das linhas passam, e {least} precisam passar',
  'it has no answer: there are no values to judge': 'não há resposta: não há valores para julgar',
  '{value} is below {min}': '{value} está abaixo de {min}',
  '{value} is above {max}': '{value} está acima de {max}',
  'learning what is usual: {count} of {needed} earlier results':
    'aprendendo o que é comum: {count} de {needed} resultados anteriores',
  '{value} is outside {lower} to {upper}, as the last {count} results have it':
    '{value} está fora de {lower} a {upper}, pelos últimos {count} resultados',
  'nothing was published, the last good table stays: {found}': 'nada foi publicado, a última tabela boa fica: {found}',
  '{rule} could not be evaluated: {why}': '{rule} não pôde ser avaliado: {why}',
  'no answer': 'sem resposta',
  '{rule} ({violations} rows)': '{rule} ({violations} linhas)',
  '{name}: {why}': '{name}: {why}',
  'blocked by {blocker}: it failed, so this cell keeps its last good result':
    'bloqueada por {blocker}: ela falhou, por isso esta célula mantém o último resultado bom',
  'its text has errors: mend them and run again': 'o texto dela tem erros: corrija-os e execute de novo',
  'blocked by {culprit}: its text has errors': 'bloqueada por {culprit}: o texto dela tem erros',
  'its tables are published, but the command that sent them elsewhere ended before it was done. Run it again':
    'as tabelas estão publicadas, mas o comando que as enviava a outro lugar acabou antes de terminar. Execute de novo',
  'the command that ran it ended before it was done; nothing of it was published. Run it again':
    'o comando que a executava acabou antes de terminar; nada dela foi publicado. Execute de novo',
  '{list} cannot run: mend the errors in it first': '{list} não pode ser executada: corrija antes os erros dela',
  '{list} cannot run: mend the errors in them first': '{list} não podem ser executadas: corrija antes os erros delas',
  '`{name}` is no sql or transform cell of this notebook: only those set rows aside that can be judged again':
    '`{name}` não é uma célula de SQL nem de transformação deste caderno: só essas separam linhas que podem ser julgadas de novo',
  'its text has changed, so its table would begin anew, and `refresh: incremental_strict` forbids that; run it with a full refresh, or write `refresh: auto`':
    'o texto dela mudou, a tabela recomeçaria, e `refresh: incremental_strict` proíbe isso; execute com uma atualização completa, ou escreva `refresh: auto`',
  'the statement takes too long to parse; make it simpler':
    'o comando demora demais para ser lido; torne-o mais simples',
  'the statement cannot be parsed; make it simpler': 'o comando não pode ser lido; torne-o mais simples',
  'the statement cannot be parsed': 'o comando não pode ser lido',
  'the statement is nested too deeply; split it into several cells':
    'o comando tem níveis demais; divida-o em várias células',
};
