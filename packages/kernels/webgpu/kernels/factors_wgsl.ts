import type { Precision } from "../../precision.ts";

/** How a workgroup holds the factors of a product in its memory. */
export interface Factors {
  /** Whether the shader needs float16. */
  float16: boolean;
  /** Bytes of a value. */
  bytes: 2 | 4;
  /** `Factors`, four values side by side. */
  declarations: string;
}

/**
 * In mixed precision the factors are float16 in the memory of the workgroup alone; they become float32 again before they
 * are multiplied. Such a product is exact (11 bits times 11 bits in 24), and its sum is one of float32. Products in float16
 * would be rounded again and could overflow, and would not be faster: to add each to a float32 costs more instructions than
 * one fma does, and the units that multiply float16 and add float32 (NVIDIA's tensor cores, Intel's XMX, Apple's
 * simdgroup matrices) are out of WebGPU's reach. The gain is in what a product waits for, the memory of the workgroup:
 * half the bytes to read for each multiplication, and half to hold, so that more workgroups have room at a time, or deeper
 * tiles, which take fewer barriers.
 *
 * Factors over 65504 become infinite, those below 6e-5 lose digits or become 0, as the driver likes. After a normalisation
 * no value is larger than √voxels (1448 for 128³) times gamma plus beta, and no activated one than the sum of a column of
 * weights times that. The backward pass is float32: gradients of a loss that is a mean over millions of voxels are smaller
 * than float16's least number unless the loss is scaled.
 */
export function factorsOf(precision: Precision): Factors {
  const float16 = precision === "mixed";
  return {
    float16,
    bytes: float16 ? 2 : 4,
    declarations: `alias Factors = ${float16 ? "vec4<f16>" : "vec4f"};`,
  };
}
