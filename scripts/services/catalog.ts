import { airflow } from './airflow.ts';
import { alertmanager } from './alertmanager.ts';
import { kafka, kafkaSecure, kafkaTls } from './kafka.ts';
import { mariadb } from './mariadb.ts';
import { moto } from './moto.ts';
import { dbt, pyiceberg, sklearn } from './oracles.ts';
import { postgres } from './postgres.ts';
import { prometheus } from './prometheus.ts';
import { redis } from './redis.ts';
import { registry } from './registry.ts';
import { spark } from './spark.ts';
import { s3 } from './s3.ts';
import type { Service } from './service.ts';
import { trino } from './trino.ts';

export const services: readonly Service[] = [
  kafka,
  kafkaSecure,
  kafkaTls,
  registry,
  redis,
  mariadb,
  postgres,
  s3,
  prometheus,
  alertmanager,
  moto,
  spark,
  trino,
  sklearn,
  dbt,
  pyiceberg,
  airflow,
];

export function serviceNamed(name: string): Service {
  const found = services.find((service) => service.name === name);
  if (found === undefined)
    throw new Error(`no service is called ${name}; there are ${services.map((service) => service.name).join(', ')}`);
  return found;
}
