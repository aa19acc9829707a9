/** A library that TensorFlow 2.15 and later open on a GPU, and where it comes from. */
interface CudaLibrary {
  file: string;
  /** The folder of its pip package under `nvidia/`; the driver has none. */
  folder?: string;
  /** What to install. */
  source: string;
}

const pip = (file: string, folder: string): CudaLibrary => ({
  file,
  folder,
  source: `pip package nvidia-${folder.replaceAll("_", "-")}-cu12`,
});

/** CUDA 12 and cuDNN 9, which TensorFlow's own package names (`pip install tensorflow[and-cuda]`). */
const LIBRARIES: CudaLibrary[] = [
  { file: "libcuda.so.1", source: "NVIDIA's driver" },
  pip("libcudart.so.12", "cuda_runtime"),
  pip("libcublas.so.12", "cublas"),
  pip("libcublasLt.so.12", "cublas"),
  pip("libcufft.so.11", "cufft"),
  pip("libcusparse.so.12", "cusparse"),
  pip("libcusolver.so.11", "cusolver"),
  pip("libcudnn.so.9", "cudnn"),
];

/**
 * The libraries for the GPU that cannot be opened, each with what to install.
 *
 * @param library The library of TensorFlow; what pip installs stands in `nvidia/` beside its folder.
 */
export function missingCuda(library: string): string[] {
  const packages = `${library.slice(0, library.lastIndexOf("/"))}/../nvidia`;
  return LIBRARIES.filter(({ file, folder }) =>
    !opens(file) && (folder === undefined || !opens(`${packages}/${folder}/lib/${file}`))
  ).map(({ file, source }) => `${file} (${source})`);
}

function opens(file: string): boolean {
  try {
    Deno.dlopen(file, {}).close();
    return true;
  } catch {
    return false;
  }
}
