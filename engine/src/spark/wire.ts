import { join } from 'node:path';
import { Metadata, credentials, makeClientConstructor } from '@grpc/grpc-js';
import type { ClientReadableStream, ServiceError, Client } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type { MethodDefinition } from '@grpc/proto-loader';
import type { SparkAddress } from './address.ts';

/** One answer of a plan; what this client does not know comes without either. */
export interface PlanAnswer {
  readonly arrow_batch?: { readonly row_count: number; readonly data: Buffer };
  readonly sql_command_result?: { readonly relation: Buffer };
}

/** The calls of the protocol, over one channel. */
export interface Wire {
  executePlan(request: object): ClientReadableStream<PlanAnswer>;
  interrupt(request: object): Promise<void>;
  releaseSession(request: object): Promise<void>;
  close(): void;
}

const MAX_MESSAGE_BYTES = 128 * 1024 * 1024;
const ASIDE_MS = 5_000;

const methods = loadSync(join(import.meta.dirname, 'connect.proto'), { keepCase: true, longs: Number, oneofs: true })[
  'spark.connect.SparkConnectService'
] as Record<string, MethodDefinition<object, object>>;

function method(name: string): MethodDefinition<object, object> {
  const found = methods[name];
  if (found === undefined) throw new Error(`connect.proto defines no ${name}`);
  return found;
}

const SparkClient = makeClientConstructor({}, 'SparkConnectService');

export function openWire(address: SparkAddress): Wire {
  const trust = address.tls ? credentials.createSsl() : credentials.createInsecure();
  const client: Client = new SparkClient(`${address.host}:${address.port}`, trust, {
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
  });
  const metadata = new Metadata();
  if (address.token !== null) metadata.set('authorization', `Bearer ${address.token}`);
  const ask = (name: string, request: object): Promise<void> => {
    const { path, requestSerialize, responseDeserialize } = method(name);
    return new Promise((resolve, reject) => {
      const done = (error: ServiceError | null) => (error === null ? resolve() : reject(error));
      const options = { deadline: Date.now() + ASIDE_MS };
      client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, metadata, options, done);
    });
  };
  return {
    executePlan(request) {
      const { path, requestSerialize, responseDeserialize } = method('ExecutePlan');
      return client.makeServerStreamRequest(
        path,
        requestSerialize,
        responseDeserialize as (bytes: Buffer) => PlanAnswer,
        request,
        metadata,
      );
    },
    interrupt: (request) => ask('Interrupt', request),
    releaseSession: (request) => ask('ReleaseSession', request),
    close: () => client.close(),
  };
}
