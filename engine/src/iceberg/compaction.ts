import type { PartitionTransform } from '@datacraft/shared';
import type { ManifestEntry } from './manifest.ts';
import { schemaOf, specOf, type TableMetadata } from './metadata.ts';

/** Files below this are small; several of one partition are worth one. */
export const SMALL_BYTES = 32 << 20;
const AT_LEAST = 4;
/** Of one compaction: the next takes the rest. */
const AT_MOST_BYTES = 1 << 30;

/** The files that are better written as fewer: several small ones of one partition, of the table's present spec. */
export function filesToCompact(metadata: TableMetadata, live: readonly ManifestEntry[]): readonly ManifestEntry[] {
  const small = live.filter(
    (entry) => entry.specId === metadata['default-spec-id'] && entry.data_file.file_size_in_bytes < SMALL_BYTES,
  );
  const groups = [...Map.groupBy(small, (entry) => partitionKey(entry)).values()];
  const chosen: ManifestEntry[] = [];
  let sizeBytes = 0;
  for (const group of groups) {
    if (group.length < AT_LEAST) continue;
    for (const entry of group) {
      if (sizeBytes + entry.data_file.file_size_in_bytes > AT_MOST_BYTES) return chosen;
      sizeBytes += entry.data_file.file_size_in_bytes;
      chosen.push(entry);
    }
  }
  return chosen;
}

function partitionKey(entry: ManifestEntry): string {
  return JSON.stringify(entry.data_file.partition, (_, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
}

/** The spec as `partition_by` would say it; null when another engine partitioned by something we do not write. */
export function transformsOf(metadata: TableMetadata): readonly PartitionTransform[] | null {
  const transforms = specOf(metadata).fields.map((field) => {
    const column = schemaOf(metadata).fields.find((one) => one.id === field['source-id'])?.name;
    const [, kind = '', width] =
      /^(identity|year|month|day|hour|bucket|truncate)(?:\[(\d+)\])?$/.exec(field.transform) ?? [];
    if (column === undefined || !isKind(kind)) return null;
    return { kind, column, width: width === undefined ? null : Number(width) };
  });
  const known = transforms.filter((one) => one !== null);
  return known.length === transforms.length ? known : null;
}

function isKind(text: string): text is PartitionTransform['kind'] {
  return ['identity', 'year', 'month', 'day', 'hour', 'bucket', 'truncate'].includes(text);
}
