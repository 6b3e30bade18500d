const ALPHABET = new TextEncoder().encode('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
const PADDING = 61;

/** As every platform writes it; there is no one word for it on all of them. */
export function base64Of(bytes: Uint8Array): string {
  const written = new Uint8Array(Math.ceil(bytes.length / 3) * 4);
  for (let from = 0, to = 0; from < bytes.length; from += 3, to += 4) {
    const three = ((bytes[from] ?? 0) << 16) | ((bytes[from + 1] ?? 0) << 8) | (bytes[from + 2] ?? 0);
    written[to] = ALPHABET[three >> 18] ?? 0;
    written[to + 1] = ALPHABET[(three >> 12) & 63] ?? 0;
    written[to + 2] = from + 1 < bytes.length ? (ALPHABET[(three >> 6) & 63] ?? 0) : PADDING;
    written[to + 3] = from + 2 < bytes.length ? (ALPHABET[three & 63] ?? 0) : PADDING;
  }
  return new TextDecoder().decode(written);
}
