const [ZERO, MINUS] = [48, 45];

/** A whole number that a double holds, as text; answers behind where it ends. */
export function writeDigits(chunk: Buffer, from: number, value: number): number {
  let at = from;
  let left = value;
  if (left < 0) {
    chunk[at++] = MINUS;
    left = -left;
  }
  let behind = at + 1;
  for (let most = 10; left >= most; most *= 10) behind += 1;
  for (let place = behind - 1; place >= at; place -= 1) {
    const rest = Math.floor(left / 10);
    chunk[place] = ZERO + (left - 10 * rest);
    left = rest;
  }
  return behind;
}
