import { setBackend } from "../set_backend.ts";
import { tf } from "../tf.ts";
import type { DeviceBackend } from "../webgpu/backend.ts";

/** Why there can be no test of the device; empty where there is one. */
const missing = await setBackend("webgpu").then(() => "", (error: Error) => error.message);

/** A test that needs a device, shown as ignored with the reason where there is none. */
export function testOnDevice(
  name: string,
  test: (backend: DeviceBackend) => void | Promise<void>,
): void {
  Deno.test({
    name: missing === "" ? name : `${name} (ignored: ${missing})`,
    ignore: missing !== "",
    fn: async () => {
      await setBackend("webgpu");
      await test(tf.backend() as unknown as DeviceBackend);
    },
  });
}
