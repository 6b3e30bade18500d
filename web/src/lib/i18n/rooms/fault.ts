/**
 * What stands above the server's own words, by their code: what happened, and what to do. The server writes English, so
 * that English needs nothing above it.
 */
import type { FaultCode } from '@datacraft/shared';

type FindingCode =
  | 'bad-name'
  | 'bad-value'
  | 'bad-yaml'
  | 'cycle'
  | 'duplicate-name'
  | 'key-width'
  | 'layer-owned-twice'
  | 'layer-policy'
  | 'missing-key'
  | 'missing-name'
  | 'missing-version'
  | 'not-a-model-target'
  | 'not-a-select'
  | 'not-applied'
  | 'sql-syntax'
  | 'unknown-column'
  | 'unknown-key'
  | 'unknown-kind'
  | 'unknown-name'
  | 'unknown-parameter'
  | 'unsupported-version'
  | 'view-reads-input'
  | 'wrong-type';

export const en: Partial<Record<string, string>> = {};

export const ptBR: typeof en & Record<FaultCode | FindingCode, string> = {
  'bad-request': 'O pedido não foi entendido. Corrija o que está abaixo e tente de novo.',
  unauthenticated: 'A sua sessão acabou. Entre de novo.',
  forbidden: 'O seu papel não permite isto. Peça a quem é dono do workspace ou do caderno.',
  'not-found': 'Isto não existe mais, ou nunca existiu. Confira o nome ou o endereço.',
  misdirected: 'Este endereço não é o do servidor. Abra-o pelo nome que ele conhece, ou ponha este em DATACRAFT_URL.',
  conflict: 'Alguém mudou isto ao mesmo tempo. Recarregue e tente de novo.',
  'too-large': 'É grande demais. Reduza o que envia, ou aumente o limite.',
  'rate-limited': 'Foram pedidos demais em pouco tempo. Espere um pouco e tente de novo.',
  'notebook-invalid': 'O caderno tem erros no texto. Corrija-os e execute de novo.',
  'query-failed': 'A consulta falhou. Corrija o texto no lugar marcado.',
  'query-refused':
    'A consulta usa algo que não é permitido aqui: arquivos, rede, extensões ou configurações. Leia de uma célula ou de uma tabela.',
  'out-of-memory': 'Faltou memória. Leia menos colunas, filtre antes, ou aumente DATACRAFT_MEMORY_MB.',
  'disk-full': 'O disco está cheio; nada do que estava publicado se perdeu. Libere espaço e execute de novo.',
  'timed-out': 'Demorou mais do que o tempo permitido. Leia menos linhas, ou aumente o limite de tempo.',
  cancelled: 'Foi cancelado. Execute de novo quando quiser.',
  'worker-died': 'O processo que fazia o trabalho parou; nada foi publicado pela metade. Execute de novo.',
  'source-unreadable': 'A fonte não pôde ser lida. Confira o caminho, o endereço e o formato.',
  'source-rows-rejected':
    'Há linhas que não puderam ser lidas. Corrija o arquivo ou as opções, ou guarde-as com rejects: table.',
  'merge-cardinality':
    'Há várias linhas de uma mesma chave, e nada diz qual fica; a última tabela boa continua publicada. Acrescente sequence_by, ou agregue.',
  'merge-key-null':
    'Há linhas sem valor na chave, e uma mescla não as reconheceria; a última tabela boa continua publicada. Preencha a chave, ou separe-as com expect: not_null.',
  'expectation-failed': 'Uma regra não passou; a última tabela boa continua publicada. Veja as linhas que a quebram.',
  'export-failed': 'A tabela está publicada, mas não chegou a todos os destinos. Corrija a causa e envie de novo.',
  'table-owned': 'Outra célula já publica esta tabela. Renomeie esta célula ou escolha outra camada.',
  'publish-conflict': 'Outra execução mudou a tabela ao mesmo tempo. Execute de novo.',
  'lease-lost': 'Outro processo assumiu esta execução. Veja o resultado dela antes de executar de novo.',
  'database-unavailable':
    'O banco de dados não responde. O que foi confirmado está guardado; tente de novo em instantes.',
  'data-dir-in-use': 'Outro servidor usa esta pasta de dados. Encerre-o, ou escolha outra pasta.',
  'config-invalid': 'A configuração do servidor tem um valor que não serve. Corrija-o e inicie de novo.',
  unsupported: 'Isto ainda não é possível. Veja abaixo o que há no lugar.',
  internal: 'Algo falhou no servidor. Tente de novo; se repetir, mostre a mensagem abaixo a quem cuida dele.',
  'bad-name': 'O nome não serve. Use a–z, 0–9 e _, começando com uma letra.',
  'bad-value': 'O valor desta chave não serve. Veja abaixo o que é esperado.',
  'bad-yaml': 'O YAML não pôde ser lido. Corrija-o no lugar marcado.',
  cycle: 'As células dependem umas das outras em círculo. Tire uma das referências.',
  'duplicate-name': 'Já há uma célula com este nome. Renomeie uma delas.',
  'key-width': 'As chaves não têm o mesmo número de colunas. Escreva as mesmas nas duas.',
  'layer-owned-twice': 'Duas células publicam a mesma tabela. Renomeie uma delas.',
  'layer-policy': 'Esta camada não deve ler aquela. Leia da camada do meio.',
  'missing-key': 'Falta uma chave. Acrescente-a.',
  'missing-name': 'A célula não tem nome. Dê-lhe um.',
  'missing-version': 'Falta a versão do formato no início do arquivo. Acrescente datacraft: 1.',
  'not-a-model-target': 'Esta coluna não serve de alvo para a tarefa. Escolha outra coluna ou outra tarefa.',
  'not-a-select': 'Uma célula é um só SELECT. Tire o que não é dele.',
  'not-applied': 'Isto está escrito mas ainda não tem efeito.',
  'sql-syntax': 'Há um erro de sintaxe no SQL. Corrija-o no lugar marcado.',
  'unknown-column': 'Esta coluna não existe. Confira o nome.',
  'unknown-key': 'Esta chave não existe. Confira a grafia.',
  'unknown-kind': 'Este tipo de célula não existe. Confira a grafia.',
  'unknown-name': 'Este nome não existe no caderno nem nas tabelas publicadas. Confira a grafia.',
  'unknown-parameter': 'Não há entrada com este nome. Crie-a ou confira a grafia.',
  'unsupported-version': 'Esta versão do formato não é conhecida. Atualize o DataCraft.',
  'view-reads-input': 'Uma view não pode depender de uma entrada. Use materialize: table.',
  'wrong-type': 'A coluna não tem o tipo que isto precisa. Converta-a ou escolha outra.',
};
