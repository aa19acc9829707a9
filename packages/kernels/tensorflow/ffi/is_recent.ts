/** The oldest TensorFlow that the backend takes, the first for CUDA 12. */
export const OLDEST = "2.15";

/** Whether a version, as `2.21.0` or `2.15.0-rc1`, is not before the oldest. */
export function isRecent(version: string): boolean {
  const [major, minor] = version.split(".").map(Number);
  const [oldestMajor, oldestMinor] = OLDEST.split(".").map(Number);
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}
