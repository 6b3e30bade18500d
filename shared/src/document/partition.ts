/** One entry of `partition_by`: an Iceberg transform of a column. */
export interface PartitionTransform {
  readonly kind: 'identity' | 'year' | 'month' | 'day' | 'hour' | 'bucket' | 'truncate';
  readonly column: string;
  /** Of `bucket` and `truncate`. */
  readonly width: number | null;
}

const NAME = String.raw`(?:"((?:[^"]|"")+)"|([^\s"(),\[\]]+))`;
const BARE = new RegExp(`^${NAME}$`);
const PLAIN = new RegExp(String.raw`^(years?|months?|days?|hours?|identity)\s*\(\s*${NAME}\s*\)$`, 'i');
const WIDE = new RegExp(String.raw`^(bucket|truncate)\s*\(\s*(\d{1,9})\s*,\s*${NAME}\s*\)$`, 'i');

/** `channel`, `month(order_date)`, `bucket(16, id)`, `truncate(4, cep)`; null for anything else. */
export function parsePartition(text: string): PartitionTransform | null {
  const trimmed = text.trim();
  const wide = WIDE.exec(trimmed);
  if (wide) {
    const width = Number(wide[2]);
    const kind = wide[1]?.toLowerCase() === 'bucket' ? 'bucket' : 'truncate';
    return width > 0 ? { kind, width, column: nameOf(wide[3], wide[4]) } : null;
  }
  const plain = PLAIN.exec(trimmed);
  if (plain) {
    const kind = plain[1]?.toLowerCase().replace(/s$/, '') as PartitionTransform['kind'];
    return { kind, width: null, column: nameOf(plain[2], plain[3]) };
  }
  const bare = BARE.exec(trimmed);
  return bare ? { kind: 'identity', width: null, column: nameOf(bare[1], bare[2]) } : null;
}

function nameOf(quoted: string | undefined, plain: string | undefined): string {
  return quoted?.replaceAll('""', '"') ?? plain ?? '';
}

/** The entries of `partition_by` that can be read. */
export function partitionsOf(given: string | readonly string[] | undefined): PartitionTransform[] {
  const texts = given === undefined ? [] : typeof given === 'string' ? [given] : given;
  return texts.flatMap((text) => parsePartition(text) ?? []);
}
