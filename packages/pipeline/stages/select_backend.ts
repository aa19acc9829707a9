import { type BackendName, setBackend } from "@mednext/kernels";
import type { StageContext } from "../stage.ts";

/** Selects what a stage computes on, and says where its results are not those of float32. */
export async function selectBackend(
  { compute, log }: Pick<StageContext, "compute" | "log">,
): Promise<void> {
  const { backend, threads, precision = "float32" } = compute;
  const chosen = await setBackend(backend as BackendName, { threads, precision });
  if (precision !== "float32") log(`computing in ${precision} precision on ${chosen}`);
}
