const SIZE_BYTES = 4;
const LARGE_BYTES = 256 * 1024;
/** Answers differ a little in size, and the next one has to fit. */
const STEP_BYTES = 1024 ** 2;

/** What to do when the memory of a large answer is given back. */
const lent = new WeakMap<ArrayBufferLike, () => void>();

/**
 * Nobody looks any more at the answer that `bytes` are of: the next one may lie in their place. Of answers that are new
 * memory each time, megabytes each, V8 would look through all that it holds again and again.
 */
export function giveBack(bytes: Buffer): void {
  lent.get(bytes.buffer)?.();
}

/**
 * Puts answers together that come in pieces, and gives each with its size before it, in memory that no other has until
 * it is given back.
 */
export function createFrames(give: (frame: Buffer) => void, largeBytes = LARGE_BYTES): (piece: Buffer) => void {
  let spare: Buffer | null = null;
  const memoryOf = (bytes: number): Buffer => {
    if (bytes < largeBytes) return Buffer.allocUnsafeSlow(bytes);
    const isRoom = (spare?.length ?? 0) >= bytes;
    const memory: Buffer = (isRoom && spare) || Buffer.allocUnsafeSlow(Math.ceil(bytes / STEP_BYTES) * STEP_BYTES);
    spare = null;
    lent.set(memory.buffer, () => {
      lent.delete(memory.buffer);
      spare = memory;
    });
    return memory.subarray(0, bytes);
  };
  let frame: Buffer = Buffer.allocUnsafeSlow(SIZE_BYTES);
  let isSized = false;
  let filled = 0;
  const sized = () => {
    const whole = memoryOf(SIZE_BYTES + Math.max(0, frame.readInt32BE(0)));
    frame.copy(whole);
    frame = whole;
    isSized = true;
  };
  const finish = () => {
    const whole = frame;
    frame = Buffer.allocUnsafeSlow(SIZE_BYTES);
    isSized = false;
    filled = 0;
    give(whole);
  };
  return (piece) => {
    for (let at = 0; at < piece.length;) {
      const copied = piece.copy(frame, filled, at);
      at += copied;
      filled += copied;
      if (!isSized && filled === SIZE_BYTES) sized();
      if (isSized && filled === frame.length) finish();
    }
  };
}
