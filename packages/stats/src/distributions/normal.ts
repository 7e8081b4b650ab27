import { logGammaTail } from "./gamma.ts";
import { invertLogTail } from "./invert.ts";

const SQRT_TWO_PI = Math.sqrt(2 * Math.PI);

/** log of the two-sided tail of the normal distribution: log(2 Φ(-|z|)) = log Q(1/2, z^2/2). */
export function logNormalTail(z: number): number {
  const size = Math.min(Math.abs(z), 1e150);
  return logGammaTail(0.5, (size * size) / 2);
}

/** Two-sided critical value of the normal distribution from the logarithm of its level: log(2 Φ(-z)) = logAlpha. */
export function normalQuantileOfLog(logAlpha: number): number {
  return invertLogTail(logNormalTail, logAlpha);
}

/** Two-sided critical value of the normal distribution: 2 Φ(-z) = alpha. */
export function normalQuantile(alpha: number): number {
  return normalQuantileOfLog(Math.log(alpha));
}

/** Density of the standard normal distribution. */
export function normalDensity(z: number): number {
  return Math.exp((-z * z) / 2) / SQRT_TWO_PI;
}

/** Φ(z), accurate to the last digits also in the far lower tail. */
export function normalCdf(z: number): number {
  const half = 0.5 * Math.exp(logNormalTail(z));
  return z <= 0 ? half : 1 - half;
}

/** log Φ(z), which does not underflow. */
export function logNormalCdf(z: number): number {
  if (z <= 0) return logNormalTail(z) - Math.LN2;
  return Math.log1p(-0.5 * Math.exp(logNormalTail(z)));
}
