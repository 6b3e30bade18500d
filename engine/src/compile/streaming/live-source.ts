import type { KafkaSource, SimulatorSource, SourceSpec, Watermark, WebhookSource } from '@datacraft/shared';

type LiveSource = KafkaSource | WebhookSource | SimulatorSource;

/** Whether a source can be a stream. */
export function isLive(spec: SourceSpec): spec is LiveSource {
  return spec.type === 'kafka' || spec.type === 'webhook' || spec.type === 'simulator';
}

/** Null of sources that say no event time, and of those that have an end. */
export function watermarkOfSource(spec: SourceSpec): Watermark | null {
  return isLive(spec) ? (spec.watermark ?? null) : null;
}
