/** Words of reports that are printed or mailed. */
export const report = {
  'Version {version}, published {at}': 'Versão {version}, publicada em {at}',
  'data of {at}': 'dados de {at}',
  'A draft, not published': 'Um rascunho, não publicado',
  'page {page} of {pages}': 'página {page} de {pages}',
  'The first {shown} of {total} rows.': 'As primeiras {shown} de {total} linhas.',
  'There are no rows to show.': 'Não há linhas a mostrar.',
  'This is not up to date.': 'Isto não está atualizado.',
  '{count} characters have no form in the fonts of this file; they stand as others or as ?.':
    '{count} caracteres não existem nas fontes deste arquivo; estão como outros ou como ?.',
  'The dashboard is attached as {file}.': 'O painel está anexado como {file}.',
  'the notebook is not published as a dashboard; publish it, or leave attach: dashboard out':
    'o caderno não está publicado como painel; publique-o ou tire attach: dashboard',
} as const;
