/** A smooth loss at a point, and its gradient written to `gradient`. */
export type Loss = (point: Float64Array, gradient: Float64Array) => number;

interface Step {
  readonly moved: Float64Array;
  readonly turned: Float64Array;
  readonly curvature: number;
}

const REMEMBERED = 10;
const SHRINKS = 30;
const ENOUGH = 1e-4;

/** The lowest point of a convex loss, from zero, by limited-memory BFGS with a backtracking search; ends after `steps`. */
export function minimize(loss: Loss, size: number, steps: number, tolerance = 1e-7): Float64Array {
  let point = new Float64Array(size);
  let gradient = new Float64Array(size);
  let value = loss(point, gradient);
  const scale = Math.max(1, norm(gradient));
  const memory: Step[] = [];
  for (let step = 0; step < steps && norm(gradient) > tolerance * scale; step += 1) {
    const direction = downhill(gradient, memory);
    const slope = dot(direction, gradient);
    const next = { point: new Float64Array(size), gradient: new Float64Array(size), value };
    let length = memory.length === 0 ? 1 / norm(gradient) : 1;
    let shrinks = 0;
    for (; shrinks < SHRINKS; shrinks += 1, length /= 2) {
      for (let at = 0; at < size; at += 1) next.point[at] = (point[at] ?? 0) + length * (direction[at] ?? 0);
      next.value = loss(next.point, next.gradient);
      if (next.value <= value + ENOUGH * length * slope) break;
    }
    if (shrinks === SHRINKS) break;
    const moved = next.point.map((each, at) => each - (point[at] ?? 0));
    const turned = next.gradient.map((each, at) => each - (gradient[at] ?? 0));
    const curvature = dot(moved, turned);
    if (curvature > 1e-12) memory.push({ moved, turned, curvature });
    if (memory.length > REMEMBERED) memory.shift();
    ({ point, gradient, value } = next);
  }
  return point;
}

/** Against the gradient, bent by what the last steps taught about the curvature. */
function downhill(gradient: Float64Array, memory: readonly Step[]): Float64Array {
  const direction = gradient.map((value) => -value);
  const shares: number[] = [];
  for (const { moved, turned, curvature } of memory.toReversed()) {
    const share = dot(moved, direction) / curvature;
    shares.push(share);
    addTo(direction, turned, -share);
  }
  const last = memory.at(-1);
  if (last !== undefined) {
    const scale = last.curvature / dot(last.turned, last.turned);
    for (const [at, value] of direction.entries()) direction[at] = value * scale;
  }
  for (const { moved, turned, curvature } of memory) {
    const back = dot(turned, direction) / curvature;
    addTo(direction, moved, (shares.pop() ?? 0) - back);
  }
  return direction;
}

function addTo(into: Float64Array, other: Float64Array, share: number): void {
  for (let at = 0; at < into.length; at += 1) into[at] = (into[at] ?? 0) + share * (other[at] ?? 0);
}

function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < one.length; at += 1) sum += (one[at] ?? 0) * (other[at] ?? 0);
  return sum;
}

function norm(values: Float64Array): number {
  return Math.sqrt(dot(values, values));
}
