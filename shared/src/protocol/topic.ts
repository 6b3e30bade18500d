/** HTTP bodies about topics of Kafka connections. Paths are under `/api/v1`. */

/** GET /connections/{name}/topics (array) */
export interface KafkaTopic {
  name: string;
  messages: string;
  /** Each holds `low` up to before `high`. */
  partitions: { partition: number; low: string; high: string }[];
}

/** GET /connections/{name}/topics/{topic}/tail (server-sent events; `messages` is an array of these) */
export interface TailMessage {
  partition: number;
  offset: string;
  timestamp: string;
  key: string | null;
  /** Base64 of the first bytes; null: the message only has a key. */
  bytes: string | null;
  sizeBytes: number;
  /** As JSON, where the connection's schema registry can say what it is; cut off. */
  decoded: string | null;
}
