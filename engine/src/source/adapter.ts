import type { SourceSpec } from '@datacraft/shared';
import { avroAdapter } from './avro/avro.ts';
import { csvAdapter } from './csv/csv.ts';
import { excelAdapter } from './excel/excel.ts';
import { httpAdapter } from './http/http.ts';
import { kafkaAdapter } from './kafka/kafka.ts';
import { kinesisAdapter } from './kinesis/kinesis.ts';
import { jsonAdapter } from './json/json.ts';
import { mysqlAdapter } from './mysql/mysql.ts';
import { parquetAdapter } from './parquet/parquet.ts';
import { postgresAdapter } from './postgres/postgres.ts';
import { s3Adapter } from './s3/s3.ts';
import { simulatorAdapter } from './simulator/simulator.ts';
import type { SourceAdapter } from './source.ts';
import { tableAdapter } from './table/table.ts';
import { webhookAdapter } from './webhook/webhook.ts';

/** The adapter of a source type, or null for types that cannot be read yet. */
export function sourceAdapter(type: SourceSpec['type']): SourceAdapter | null {
  switch (type) {
    case 'csv':
      return csvAdapter;
    case 'json':
      return jsonAdapter;
    case 'parquet':
      return parquetAdapter;
    case 'avro':
      return avroAdapter;
    case 'excel':
      return excelAdapter;
    case 'http':
      return httpAdapter;
    case 'mysql':
      return mysqlAdapter as SourceAdapter;
    case 'postgres':
      return postgresAdapter as SourceAdapter;
    case 'kafka':
      return kafkaAdapter as SourceAdapter;
    case 's3':
      return s3Adapter as SourceAdapter;
    case 'webhook':
      return webhookAdapter as SourceAdapter;
    case 'kinesis':
      return kinesisAdapter as SourceAdapter;
    case 'simulator':
      return simulatorAdapter;
    case 'table':
      return tableAdapter;
    default:
      return null;
  }
}
