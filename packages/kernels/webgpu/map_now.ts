/**
 * The values of a buffer for reading, without a promise: Deno waits for the device when a buffer is to be mapped, unless it is
 * one that was never mapped before.
 *
 * @throws {Error} If it has no values, as after the loss of the device.
 */
export function mapNow(buffer: GPUBuffer): ArrayBuffer {
  const mapped = buffer.mapAsync(GPUMapMode.READ);
  mapped.catch(() => {});
  try {
    const values = buffer.getMappedRange().slice(0);
    buffer.unmap();
    return values;
  } catch (cause) {
    const { message } = cause as Error;
    throw new Error(
      `Cannot read from the webgpu device: ${message} (a device that was lost has no values)`,
      { cause },
    );
  }
}
