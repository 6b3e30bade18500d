import type { SourceSpec } from '@datacraft/shared';
import { quoteLiteral } from '@datacraft/shared';

/** A source's rows with where they come from, when they were taken in, and a hash of what they said. */
export function withProvenance(select: string, spec: SourceSpec, now: Date): string {
  if (!('provenance' in spec) || spec.provenance !== true) return select;
  const source = 'path' in spec ? spec.path : 'template' in spec ? `simulator:${spec.template}` : spec.type;
  const hash = 'md5(cast(row(*columns(*)) as varchar)) as _row_hash';
  const at = `cast(${quoteLiteral(now.toISOString().replace('Z', ''))} as timestamp) as _ingested_at`;
  return `select *, ${quoteLiteral(String(source))} as _source, ${at}, ${hash} from (\n${select}\n)`;
}
