/**
 * Exponentials and logarithms of plain arithmetic, which is the same everywhere: those of the platform may differ in the
 * last bit between versions of V8, and with them the bytes of a model. After fdlibm (Sun Microsystems, 1993: "permission to
 * use, copy, modify, and distribute this software is freely granted, provided that this notice is preserved").
 */
const LN2_HIGH = 6.9314718036912381649e-1;
const LN2_LOW = 1.90821492927058770002e-10;
const LARGEST = 709.782712893383973096;
const SMALLEST = -745.13321910194110842;
/** Smaller numbers have no full exponent. */
const LEAST_FULL = 2.2250738585072014e-308;
const TWO_54 = 18014398509481984;

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);

/** The platform may raise to a power by a function of its own; a product is exact to the last bit. */
export function squared(x: number): number {
  return x * x;
}

/** Below one unit in the last place from e to the `x`. */
export function exp(x: number): number {
  if (x > LARGEST) return Infinity;
  if (x < SMALLEST) return 0;
  if (Number.isNaN(x)) return NaN;
  const power = Math.abs(x) > LN2_HIGH / 2 ? Math.trunc(x * Math.LOG2E + (x < 0 ? -0.5 : 0.5)) : 0;
  const high = x - power * LN2_HIGH;
  const low = power * LN2_LOW;
  const rest = high - low;
  const t = rest * rest;
  const c =
    rest -
    t *
      (1.66666666666666019037e-1 +
        t *
          (-2.77777777770155933842e-3 +
            t * (6.61375632143793436117e-5 + t * (-1.6533902205465251539e-6 + t * 4.13813679705723846039e-8))));
  if (power === 0) return 1 - ((rest * c) / (c - 2) - rest);
  return timesPowerOfTwo(1 - (low - (rest * c) / (2 - c) - high), power);
}

/** Below one unit in the last place from the natural logarithm of `x`. */
export function log(x: number): number {
  if (Number.isNaN(x) || x < 0) return NaN;
  if (x === 0) return -Infinity;
  if (x === Infinity) return Infinity;
  const isSubnormal = x < LEAST_FULL;
  double[0] = isSubnormal ? x * TWO_54 : x;
  const upper = (words[1] ?? 0) + (0x3ff00000 - 0x3fe6a09e);
  const power = (upper >>> 20) - 0x3ff - (isSubnormal ? 54 : 0);
  words[1] = (upper & 0x000fffff) + 0x3fe6a09e;
  const f = (double[0] ?? 1) - 1;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const even = w * (3.999999999940941908e-1 + w * (2.222219843214978396e-1 + w * 1.531383769920937332e-1));
  const odd =
    z *
    (6.66666666666673513e-1 +
      w * (2.857142874366239149e-1 + w * (1.818357216161805012e-1 + w * 1.479819860511658591e-1)));
  const half = 0.5 * f * f;
  return s * (half + even + odd) + power * LN2_LOW - half + f + power * LN2_HIGH;
}

/** Of a factor between ½ and 2, in two steps where the result has no full exponent. */
function timesPowerOfTwo(factor: number, power: number): number {
  if (power > 1000) return factor * powerOfTwo(1000) * powerOfTwo(power - 1000);
  if (power < -1000) return factor * powerOfTwo(power + 1000) * powerOfTwo(-1000);
  return factor * powerOfTwo(power);
}

/** `power` is that of a full number. */
function powerOfTwo(power: number): number {
  words[0] = 0;
  words[1] = (power + 0x3ff) << 20;
  return double[0] ?? 1;
}
