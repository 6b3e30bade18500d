import type { KafkaSource } from '@datacraft/shared';
import { Fault } from '@datacraft/shared';
import type { RemoteAccess } from '../../source.ts';
import { brokerHosts } from '../tls.ts';
import { builtInRegistry } from './built-in.ts';
import type { Registry } from './registry.ts';
import { openRegistry } from './registry.ts';

interface FormatOptions {
  readonly delimiter?: string;
  readonly schema?: string;
  readonly message?: string;
  readonly registry?: string;
  readonly username?: string;
  readonly password?: string;
}

export function formatOf({ format = 'json' }: Pick<KafkaSource, 'format'>): { name: string; options: FormatOptions } {
  if (typeof format === 'string') return { name: format, options: {} };
  const [[name, options] = ['json', {}]] = Object.entries(format);
  return { name, options };
}

/** Of the cell, else of its connection, else the one that is built in. */
export function registryOf(
  spec: Pick<KafkaSource, 'format' | 'registry' | 'tls' | 'brokers'>,
  remote: RemoteAccess,
): Registry {
  const { options } = formatOf(spec);
  const place = options.registry === undefined ? spec.registry : { ...options, registry: options.registry };
  const tls = spec.tls === undefined ? {} : { tls: { given: spec.tls, to: brokerHosts(spec) } };
  if (place !== undefined) return openRegistry({ ...place, ...tls }, remote);
  if (remote.schemas) return builtInRegistry(remote.schemas);
  throw new Fault(
    'bad-request',
    'format: say where the schemas are: { avro: { registry: https://… } }, { avro: { schema: "…" } }, or a registry in the connection',
  );
}
