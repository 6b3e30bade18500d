import type { JsonObject, KafkaSource } from '@datacraft/shared';

/** What a stored connection says, as a cell would: brokers, encryption, login, and where schemas are. */
export function placeIn(config: JsonObject): Partial<KafkaSource> {
  const text = (key: string) => (typeof config[key] === 'string' && config[key] !== '' ? config[key] : undefined);
  const [brokers, user, password, registry] = ['brokers', 'user', 'password', 'registry'].map(text);
  const [registryUser, registryPassword] = ['registry_user', 'registry_password'].map(text);
  return {
    ...(brokers === undefined ? {} : { brokers: brokers.split(',').map((broker) => broker.trim()) }),
    ...(config['security'] === 'tls' ? { ssl: true, ...tlsIn(config) } : {}),
    ...(user === undefined || password === undefined
      ? {}
      : { sasl: { ...mechanismIn(config), username: user, password } }),
    ...(registry === undefined
      ? {}
      : {
          registry: {
            registry,
            ...(registryUser === undefined ? {} : { username: registryUser }),
            ...(registryPassword === undefined ? {} : { password: registryPassword }),
          },
        }),
  };
}

function tlsIn(config: JsonObject): Pick<KafkaSource, 'tls'> {
  const given = (['ca', 'certificate', 'key'] as const).flatMap((key) => {
    const text = config[key];
    return typeof text === 'string' && text !== '' ? [[key, text] as const] : [];
  });
  return given.length === 0 ? {} : { tls: Object.fromEntries(given) };
}

function mechanismIn({ mechanism }: JsonObject): Pick<NonNullable<KafkaSource['sasl']>, 'mechanism'> {
  return mechanism === 'plain' || mechanism === 'scram-sha-256' || mechanism === 'scram-sha-512' ? { mechanism } : {};
}
