/** What is said by the registry of schemas. */
export const registry = {
  'the {schemaType} schema cannot be read: {reason}': 'o esquema {schemaType} não pode ser lido: {reason}',
  'the schema does not fit what {subject} has: {problems}':
    'o esquema não é compatível com os que {subject} já tem: {problems}',
  '{subject} has no version with this schema': '{subject} não tem uma versão com este esquema',
  'there is no subject {subject}': 'não há assunto {subject}',
  'a version is a number from 1 on, or latest; got {asked}':
    'uma versão é um número a partir de 1, ou latest; veio {asked}',
  '{subject} has no version {asked}': '{subject} não tem a versão {asked}',
  '{subject} was not deleted yet; delete it first, then for good':
    '{subject} ainda não foi apagado; apague-o primeiro, e depois de vez',
  'version {asked} was not deleted yet; delete it first, then for good':
    'a versão {asked} ainda não foi apagada; apague-a primeiro, e depois de vez',
  'there is no schema {id}': 'não há esquema {id}',
  '{subject} says nothing of compatibility itself': '{subject} não tem regra de compatibilidade própria',
  'references to other subjects are not kept here; write the types into the schema':
    'referências a outros assuntos não são guardadas aqui; escreva os tipos dentro do esquema',
  'schemas of type {schemaType} are not kept here; AVRO and JSON are':
    'esquemas do tipo {schemaType} não são guardados aqui; AVRO e JSON são',
};
