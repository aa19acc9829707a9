/** Settings of the `tensorflow` backend. The first call that starts it decides; they hold for the process. */
export interface TensorFlowOptions {
  /**
   * The library, or the folder that holds it: `libtensorflow_cc.so.2` or `libtensorflow.so.2` (`.2.dylib` on macOS).
   * @default {the environment variable MEDNEXT_LIBTENSORFLOW, or else the first that is found}
   */
  library?: string;
  /**
   * Number of operations that may run at once; 0 leaves it to TensorFlow. The threads of one operation are `threads`.
   * @default {0}
   */
  interOpThreads?: number;
  /**
   * Whether to take the GPU's memory as it is needed. Without, TensorFlow takes nearly all at once.
   * @default {true}
   */
  memoryGrowth?: boolean;
  /**
   * Where to compute: on the first GPU if there is one (`auto`), on the CPU, on a GPU or else not at all, or on the
   * GPU of that number.
   * @default {"auto"}
   */
  device?: "auto" | "cpu" | "gpu" | `gpu:${number}`;
  /**
   * Whether GPUs since NVIDIA's Ampere may round the factors of products to ten bits (TensorFloat-32), which is faster.
   * TensorFlow does so if it is not told otherwise; the results then agree with other backends to about 1e-3 only.
   * @default {false}
   */
  tensorFloat32?: boolean;
  /**
   * How depthwise convolutions are computed: by slices of depth with TensorFlow's depthwise 2-D convolution, on any
   * device; or by one grouped 3-D convolution of cuDNN, on a GPU. `auto` takes slices on the CPU, and on a GPU the
   * grouped one if it gives the same values there.
   * @default {"auto"}
   */
  depthwise?: "auto" | "slices" | "grouped";
}
