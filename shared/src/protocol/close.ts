/**
 * Why a sync socket was closed. Stock y-websocket clients do not come back after 4400–4499 and try again after
 * everything else.
 */
export const closeCodes = {
  /** A frame that is not the protocol: truncated, unknown, not binary. */
  'bad-frame': 4400,
  /** The session or token ended while connected. */
  unauthenticated: 4401,
  /** The account no longer may read this notebook. */
  forbidden: 4403,
  /** The notebook was moved to the bin. */
  deleted: 4410,
  /** The document would grow past its bound. */
  'too-large': 4413,
  /** The document could not be stored; what was not acknowledged is still with the client. */
  'not-stored': 4500,
  /** The server goes down; the next one is up in a moment. */
  'going-away': 4503,
  /** The client did not read for too long; it resyncs when it comes back. */
  'too-slow': 4508,
} as const;

export type CloseReason = keyof typeof closeCodes;

/**
 * Message type of our own client, asked for with `?ack=1`: `[100, n]` as varints says that of the first `n` sync messages
 * with content (SyncStep2 and Update) that this socket sent, all are stored that its role let it send. What was refused
 * before comes with the state that the server asks for when the role lets it.
 */
export const messageDurable = 100;
