import { Fault } from '@datacraft/shared';

/** Where spans go. */
export interface TraceTarget {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly service: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** From OpenTelemetry's own variables; null when none names a receiver: then nothing is sent anywhere. */
export function traceTarget(env: Environment): TraceTarget | null {
  const own = env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']?.trim();
  const base = env['OTEL_EXPORTER_OTLP_ENDPOINT']?.trim();
  const isOff = env['OTEL_SDK_DISABLED']?.trim().toLowerCase() === 'true';
  if (isOff || (!own && !base)) return null;
  const name = own ? 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT' : 'OTEL_EXPORTER_OTLP_ENDPOINT';
  const url = own ? own : `${(base ?? '').replace(/\/+$/, '')}/v1/traces`;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    const shown = (own ?? base ?? '').replace(/:[^:@/]*@/, ':***@');
    throw new Fault('config-invalid', `${name}: expected http://host:4318, got "${shown}"`);
  }
  const headers = env['OTEL_EXPORTER_OTLP_TRACES_HEADERS'] ?? env['OTEL_EXPORTER_OTLP_HEADERS'] ?? '';
  return { url, headers: headersOf(headers), service: env['OTEL_SERVICE_NAME']?.trim() || 'datacraft' };
}

/** `key=value,key2=value2`, values percent-encoded. */
function headersOf(text: string): Record<string, string> {
  const pairs = text.split(',').flatMap((pair) => {
    const at = pair.indexOf('=');
    return at < 1 ? [] : [[pair.slice(0, at).trim().toLowerCase(), decoded(pair.slice(at + 1).trim())] as const];
  });
  return Object.fromEntries(pairs);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text; // Not encoded, then.
    throw error;
  }
}
