/** What compiling says of cells that are made commit by commit of a stream. */
export const streaming = {
  'made anew with each commit: {message}': 'refeita a cada commit: {message}',
  'it makes no table': 'não faz tabela',
  'its text cannot be read yet': 'o texto ainda não pode ser lido',
  '`materialize: {materialize}` is not made commit by commit: use `table`':
    '`materialize: {materialize}` não é feita commit a commit: use `table`',
  'a feature table is not made commit by commit: read this cell by one':
    'uma tabela de atributos não é feita commit a commit: faça uma que leia esta célula',
  '`{corrected}` corrects its rows as late ones come, so what reads it cannot only add to its own: leave `refresh` out, or give `{corrected}` `output: final`':
    '`{corrected}` corrige as linhas quando chegam atrasadas, e quem a lê não pode só acrescentar: tire `refresh`, ou dê a `{corrected}` `output: final`',
  'it reads no live source (kafka, webhook or simulator)': 'não lê uma fonte ao vivo (kafka, webhook ou simulator)',
  'it reads no live source itself: read one in FROM, or give `{inlined}` `refresh: streaming`':
    'não lê ela mesma uma fonte ao vivo: leia uma no FROM, ou dê a `{inlined}` `refresh: streaming`',
  '`output: final` needs a cell that is made commit by commit (`refresh: streaming`): what this one publishes may change again':
    '`output: final` precisa de uma célula feita commit a commit (`refresh: streaming`): o que esta publica ainda pode mudar',
  '`lateness` says how late rows of a stream may come: it needs `refresh: streaming`':
    '`lateness` diz com que atraso as linhas de um fluxo podem chegar: precisa de `refresh: streaming`',
  '`{name}` with `mostly` is about all rows of the table': '`{name}` com `mostly` fala de todas as linhas da tabela',
  '`{name}` is about all rows of the table': '`{name}` fala de todas as linhas da tabela',
  '`freshness` is about the newest row of the whole table: let an alert of kind `freshness` watch the table':
    '`freshness` fala da linha mais nova da tabela inteira: deixe um alerta do tipo `freshness` vigiar a tabela',
  '`unique` is about all rows of the table: group by the key and the time first':
    '`unique` fala de todas as linhas da tabela: agrupe antes pela chave e pelo tempo',
  '`unique` without `{time}` is about all rows of the table, also final ones: add `{time}` to its columns':
    '`unique` sem `{time}` fala de todas as linhas da tabela, também das finais: acrescente `{time}` às colunas dele',
  'use `on_violation: drop` or `fail`': 'use `on_violation: drop` ou `fail`',
  'use another mode': 'use outro modo',
  'rows of windows are corrected, so none is set aside: {instead}, or `output: final`':
    'linhas de janelas são corrigidas, por isso nenhuma é separada: {instead}, ou `output: final`',
  'two streams are joined in the outermost SELECT only: write the join there':
    'dois fluxos só se juntam no SELECT mais externo: escreva o join ali',
  'a subquery or WITH over a stream may only choose columns and rows: group in the outermost SELECT':
    'uma subconsulta ou WITH sobre um fluxo só pode escolher colunas e linhas: agrupe no SELECT mais externo',
  'a UNION over a stream cannot be made commit by commit: read the stream once':
    'um UNION sobre um fluxo não pode ser feito commit a commit: leia o fluxo uma vez',
  'a UNION over a stream cannot be made commit by commit: write one SELECT':
    'um UNION sobre um fluxo não pode ser feito commit a commit: escreva um só SELECT',
  'a POSITIONAL JOIN goes by the order of rows, which a stream has none of':
    'um POSITIONAL JOIN segue a ordem das linhas, e um fluxo não tem ordem',
  'the stream stands on the left of this join: write `from stream left join table`':
    'o fluxo fica à esquerda deste join: escreva `from fluxo left join tabela`',
  'which rows of a table have no partner is only known at the end of a stream: use LEFT JOIN':
    'quais linhas de uma tabela ficam sem par só se sabe no fim de um fluxo: use LEFT JOIN',
  'an as-of join needs a table on its right, and `{name}` is a stream: give it a cell of its own that is no streaming one, such as `select * from {name}`, and join that':
    'um as-of join precisa de uma tabela à direita, e `{name}` é um fluxo: dê a ele uma célula própria que não seja em fluxo, como `select * from {name}`, e junte com ela',
  'two streams are joined by JOIN, LEFT JOIN or RIGHT JOIN with a condition on their times':
    'dois fluxos se juntam com JOIN, LEFT JOIN ou RIGHT JOIN e uma condição sobre os tempos deles',
  'at most two different streams are joined: make a cell of the first two':
    'juntam-se no máximo dois fluxos diferentes: faça uma célula com os dois primeiros',
  'a join of two streams only joins: group in a cell that reads this one':
    'um join de dois fluxos só junta: agrupe em uma célula que leia esta',
  '`{name}` has no event time here: give its source `watermark: { column: …, delay: … }`, and keep that column':
    '`{name}` não tem horário do evento aqui: dê à fonte dela `watermark: { column: …, delay: … }`, e mantenha essa coluna',
  'select the time of `{name}` too, such as `{alias}.{column} as {column}`: by it rows become final':
    'selecione também o tempo de `{name}`, como `{alias}.{column} as {column}`: por ele as linhas se tornam finais',
  "say how far apart in time joined rows may be: `{b} between {a} - interval '5 minutes' and {a} + interval '5 minutes'`":
    "diga a que distância no tempo as linhas juntadas podem estar: `{b} between {a} - interval '5 minutes' and {a} + interval '5 minutes'`",
  'totals over several groupings never end: group by one set of columns':
    'totais sobre vários agrupamentos nunca terminam: agrupe por um só conjunto de colunas',
  "groups over a stream end only with time: select a window of `{column}` too, such as `time_bucket(interval '1 minute', {column}) as minute`, and group by it":
    "grupos sobre um fluxo só terminam com o tempo: selecione também uma janela de `{column}`, como `time_bucket(interval '1 minute', {column}) as minute`, e agrupe por ela",
  'this looks at all rows of a partition, which never ends: add a window of `{column}` to its PARTITION BY':
    'isto olha todas as linhas de uma partição, que nunca termina: acrescente uma janela de `{column}` ao PARTITION BY',
  'LIMIT takes a part of all rows: take it in the cell or chart that reads this one':
    'LIMIT toma uma parte de todas as linhas: use-o na célula ou no gráfico que lê esta',
  'a sample is of all rows: take it in the cell that reads this one':
    'uma amostra é de todas as linhas: tire-a na célula que lê esta',
  'the part of a session query with the lag reads the stream itself':
    'a parte da consulta de sessões com o lag lê o próprio fluxo',
  'a session is told by `lag(t) over (partition by … order by t)` of the event time, by columns':
    'uma sessão se reconhece por `lag(t) over (partition by … order by t)` do horário do evento, por colunas',
  "write where a session starts as `t - lag(t) over (…) > interval '30 minutes'`, once":
    "escreva onde uma sessão começa como `t - lag(t) over (…) > interval '30 minutes'`, uma vez",
  'number the sessions by `count(*) filter (starts) over (partition by … order by t) as n`, with the columns of the lag':
    'numere as sessões com `count(*) filter (starts) over (partition by … order by t) as n`, com as colunas do lag',
  'the number of a session changes with every row that comes: leave it out and show `min(t)`':
    'o número de uma sessão muda a cada linha que chega: tire-o e mostre `min(t)`',
  'windows over sessions never end: compute them in a cell that reads this one':
    'janelas sobre sessões nunca terminam: calcule-as em uma célula que leia esta',
  'group by {columns}: the columns of the lag and the number of the session':
    'group by {columns}: as colunas do lag e o número da sessão',
  'select `max({column}) as session_end` too: by it sessions become final':
    'selecione também `max({column}) as session_end`: por ele as sessões se tornam finais',
  'a stream is read once, in FROM: not in a subquery of an expression, and not a second time':
    'um fluxo é lido uma vez, no FROM: não em uma subconsulta de expressão, nem uma segunda vez',
} as const;
