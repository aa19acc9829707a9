import { type ContextOptions, sessionConfig } from "./session_config.ts";
import { createStatus, type Status } from "./status.ts";
import type { Symbols } from "./symbols.ts";
import { readCString } from "./text.ts";

/** A running TensorFlow. */
export interface Context {
  symbols: Symbols;
  status: Status;
  pointer: Deno.PointerValue;
  /** Names of the devices, as `/job:localhost/replica:0/task:0/device:GPU:0`. */
  devices: string[];
  /** The name of the GPU that computes; undefined if the CPU does. */
  gpu?: string;
}

/** Starts TensorFlow. Numbers of threads hold for the process: a second context does not change them. */
export function createContext(symbols: Symbols, options: ContextOptions): Context {
  const status = createStatus(symbols);
  const config = sessionConfig(options);
  const contextOptions = symbols.TFE_NewContextOptions();
  const { pointer: at } = status;
  let pointer: Deno.PointerValue;
  try {
    symbols.TFE_ContextOptionsSetConfig(contextOptions, config, BigInt(config.length), at);
    status.check("configure TensorFlow");
    pointer = symbols.TFE_NewContext(contextOptions, at);
    status.check("start TensorFlow");
  } finally {
    symbols.TFE_DeleteContextOptions(contextOptions);
  }
  const devices = listDevices(symbols, { pointer, status });
  return {
    symbols,
    status,
    pointer,
    devices: devices.map(({ name }) => name),
    gpu: devices.find(({ type }) => type === "GPU")?.name,
  };
}

/** Stops a TensorFlow that has no tensors. */
export function deleteContext({ symbols, pointer }: Context): void {
  symbols.TFE_DeleteContext(pointer);
}

function listDevices(
  symbols: Symbols,
  { pointer, status }: Pick<Context, "pointer" | "status">,
): { name: string; type: string }[] {
  const list = symbols.TFE_ContextListDevices(pointer, status.pointer);
  status.check("list the devices of TensorFlow");
  const devices = Array.from({ length: symbols.TF_DeviceListCount(list) }, (_, i) => ({
    name: readCString(symbols.TF_DeviceListName(list, i, status.pointer)),
    type: readCString(symbols.TF_DeviceListType(list, i, status.pointer)),
  }));
  symbols.TF_DeleteDeviceList(list);
  return devices;
}
