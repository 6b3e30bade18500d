import { describe, expect, it } from 'vitest';
import { traceTarget } from './target.ts';

describe('where spans go', () => {
  it('is nowhere unless somebody says so', () => {
    expect(traceTarget({})).toBeNull();
    expect(traceTarget({ OTEL_EXPORTER_OTLP_ENDPOINT: ' ' })).toBeNull();
    expect(traceTarget({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318', OTEL_SDK_DISABLED: 'TRUE' })).toBeNull();
  });

  it('is what the variables of OpenTelemetry say, with their headers and name', () => {
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/',
      OTEL_EXPORTER_OTLP_HEADERS: 'Authorization=Bearer%20x,x-team=data',
      OTEL_SERVICE_NAME: 'shop',
    };
    const headers = { authorization: 'Bearer x', 'x-team': 'data' };
    expect(traceTarget(env)).toEqual({ url: 'http://collector:4318/v1/traces', headers, service: 'shop' });
    const traces = 'https://t.example.com/own/path';
    expect(traceTarget({ ...env, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: traces })?.url).toBe(traces);
  });

  it('is refused with its name and without its password when it is no address', () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'ftp://ana:secret@host' };
    expect(() => traceTarget(env)).toThrow(
      'OTEL_EXPORTER_OTLP_ENDPOINT: expected http://host:4318, got "ftp://ana:***@host"',
    );
  });
});
