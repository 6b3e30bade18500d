const SIZE_BYTES = 4;

/** Puts answers together that come in pieces, and gives each with its size before it, in memory of its own. */
export function createFrames(give: (frame: Buffer) => void): (piece: Buffer) => void {
  let frame = Buffer.allocUnsafeSlow(SIZE_BYTES);
  let isSized = false;
  let filled = 0;
  const sized = () => {
    const whole = Buffer.allocUnsafeSlow(SIZE_BYTES + Math.max(0, frame.readInt32BE(0)));
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
