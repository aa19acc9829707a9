import { spatialSize, subsampledSize } from "../../output_size.ts";
import { optionalAddress, type WasmKernel } from "./wasm_kernel.ts";

/** Rows along W of one task. */
const ROWS_PER_TASK = 16;

export const subsample3d: WasmKernel<"Subsample3d"> = (backend, { x }, { strides }) => {
  const [batch, , , , channels] = x.shape;
  const size = spatialSize(x.shape);
  const output = subsampledSize(size, strides);
  const y = backend.output([batch, ...output, channels]);
  const addresses = [backend.address(x), backend.address(y)];
  backend.run("subsample", [...addresses, ...size, channels, ...output, ...strides], {
    items: batch * output[0] * output[1],
    chunk: ROWS_PER_TASK,
  });
  return y;
};

export const dilate3d: WasmKernel<"Dilate3d"> = (
  backend,
  { x, bias },
  { strides, outputShape },
) => {
  const [batch, , , , channels] = x.shape;
  const output = spatialSize(outputShape);
  const y = backend.output(outputShape);
  const addresses = [backend.address(x), optionalAddress(backend, bias), backend.address(y)];
  backend.run("dilate", [...addresses, ...spatialSize(x.shape), channels, ...output, ...strides], {
    items: batch * output[0] * output[1],
    chunk: ROWS_PER_TASK,
  });
  return y;
};
