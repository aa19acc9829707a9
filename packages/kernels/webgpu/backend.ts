import type { TensorInfo } from "@tensorflow/tfjs";
import { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { tf } from "../tf.ts";
import { Buffers, checkSize } from "./buffers.ts";
import { closeScopes, openScopes } from "./error_scope.ts";
import type { Internals, StockProgram } from "./internals.ts";
import { mapNow } from "./map_now.ts";
import { createPipeline } from "./pipeline.ts";
import type { Precision } from "../precision.ts";
import { gridOf, parametersOf, type Program, shaderOf } from "./program.ts";

type DataId = TensorInfo["dataId"];
type Values = ReturnType<WebGPUBackend["readSync"]>;

/**
 * TensorFlow.js' webgpu backend, with our kernels, with synchronous reading and without silent failure: what the device
 * refuses is an exception at the kernel whose shader is wrong or too large for it, or else when a value is next read.
 */
export class DeviceBackend extends WebGPUBackend {
  /** How the forward passes of the kernels multiply matrices. */
  precision: Precision = "float32";
  readonly #internals = this as unknown as Internals;
  readonly #buffers: Buffers;
  readonly #pipelines = new Map<string, GPUComputePipeline>();
  /** Buffers for reading; each has been mapped when it was made, without which Deno does not give its values at once. */
  readonly #staging = new WeakSet<GPUBuffer>();
  /** The kernels since the last look for errors. */
  #unchecked = new Set<string>();
  /** Why nothing can go on. */
  #lost?: string;

  constructor(device: GPUDevice, info: GPUAdapterInfo) {
    super(device, info);
    this.#buffers = new Buffers(device, () => this.#submit());
    this.#internals.bufferManager = this.#buffers;
    device.lost.then(({ reason, message }) => this.#lost = `${message} (${reason})`);
    openScopes(device);
  }

  /** Whether the device has gone. */
  get isLost(): boolean {
    return this.#lost !== undefined;
  }

  /** Runs one pass. */
  run(program: Program): void {
    this.#checkAlive(program.name);
    const outputs = Object.values(program.outputs);
    if (outputs.every(isEmpty)) return;
    this.#unchecked.add(program.name);
    const infos = [...Object.values(program.inputs), ...outputs];
    const resources = infos.map((info) => ({ buffer: this.#bufferOf(info) }));
    const pipeline = this.#pipelineOf(program);
    const bytes = parametersOf(program);
    const usage = GPUBufferUsage.COPY_DST | GPUBufferUsage.UNIFORM;
    const uniform = this.#buffers.acquireBuffer(bytes.byteLength, usage);
    this.device.queue.writeBuffer(uniform, 0, bytes);
    this.#internals.uniformPendingDisposal.push(uniform);
    const bindGroup = this.device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [...resources, { buffer: uniform }].map((resource, binding) => ({
        binding,
        resource,
      })),
    });
    this.#record(
      pipeline,
      bindGroup,
      gridOf(program, this.device.limits.maxComputeWorkgroupsPerDimension),
    );
  }

  /** A new float32 tensor; its values are undefined. */
  output(shape: number[]): TensorInfo {
    return this.makeTensorInfo([...shape], "float32");
  }

  /** Gives back what only a kernel has used. */
  release(...infos: TensorInfo[]): void {
    for (const { dataId } of infos) this.disposeData(dataId);
  }

  /** Gives the buffer back at once: commands are carried out in their order, so the next that take it come later. */
  override disposeData(dataId: DataId, force?: boolean): boolean {
    this.#internals.commandQueueOwnedIds.delete(dataId);
    return super.disposeData(dataId, force);
  }

  override uploadToGPU(dataId: DataId): void {
    const { shape, resource } = this.tensorMap.get(dataId);
    if (resource != null) return;
    const bytes = shape.reduce((product, size) => product * size, 4);
    checkSize(this.device, bytes, `a tensor of shape [${shape.join(", ")}]`);
    super.uploadToGPU(dataId);
  }

  override runWebGPUProgram(...args: Parameters<WebGPUBackend["runWebGPUProgram"]>): TensorInfo {
    const name = (args[0] as unknown as StockProgram).constructor.name;
    this.#checkAlive(name);
    this.#unchecked.add(name);
    const known = Object.keys(this.#internals.pipelineCache).length;
    const output = super.runWebGPUProgram(...args);
    if (Object.keys(this.#internals.pipelineCache).length > known) this.check();
    return output;
  }

  /** Waits for the device: every command is carried out before Deno goes on, and a mapping with them. */
  override readSync(dataId: DataId): Values {
    const { values, shape, dtype, resource, complexTensorInfos } = this.tensorMap.get(dataId);
    if (values != null || dtype === "string" || complexTensorInfos != null) {
      return super.readSync(dataId);
    }
    if (isEmpty({ shape })) return tf.util.getTypedArrayFromDType(dtype, 0);
    this.#checkAlive("read");
    return tf.util.convertBackendValuesAndArrayBuffer(this.#download(resource as GPUBuffer), dtype);
  }

  override read(dataId: DataId): Promise<Values> {
    return Promise.try(() => this.readSync(dataId));
  }

  /** Throws what the device has refused since the last look. */
  check(): void {
    const error = closeScopes(this.device);
    openScopes(this.device);
    const names = [...this.#unchecked].join(", ");
    this.#unchecked.clear();
    if (error !== undefined) {
      throw new Error(`Cannot run ${names} on the webgpu device: ${error}`);
    }
  }

  /** What the buffers hold, for `memory()` of this package. */
  memoryUse(): Record<"bytesInUse" | "peakBytes" | "reservedBytes" | "blocks", number> {
    const { numBytesUsed, peakBytes, numBytesAllocated, count } = this.#buffers;
    return { bytesInUse: numBytesUsed, peakBytes, reservedBytes: numBytesAllocated, blocks: count };
  }

  /** The bytes in use now are the new peak. */
  resetPeakMemory(): void {
    this.#buffers.peakBytes = this.#buffers.numBytesUsed;
  }

  #download(buffer: GPUBuffer): ArrayBuffer {
    const { size } = buffer;
    const usage = GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ;
    const staging = this.#buffers.acquireBuffer(size, usage, true);
    let wasRead = false;
    try {
      if (!this.#staging.has(staging)) staging.unmap();
      this.#staging.add(staging);
      this.ensureCommandEncoderReady();
      this.endComputePassEncoder();
      this.#internals.commandEncoder!.copyBufferToBuffer(buffer, 0, staging, 0, size);
      this.submitQueue();
      this.check();
      const values = mapNow(staging);
      wasRead = true;
      return values;
    } finally {
      // One whose mapping failed cannot be mapped again.
      this.#buffers.releaseBuffer(staging, wasRead);
    }
  }

  #bufferOf({ dataId }: TensorInfo): GPUBuffer {
    this.uploadToGPU(dataId);
    return this.tensorMap.get(dataId).resource as GPUBuffer;
  }

  #pipelineOf(program: Program): GPUComputePipeline {
    const code = shaderOf(program);
    const known = this.#pipelines.get(code);
    if (known) return known;
    const pipeline = createPipeline(this.device, program, code);
    this.#pipelines.set(code, pipeline);
    return pipeline;
  }

  #record(pipeline: GPUComputePipeline, bindGroup: GPUBindGroup, grid: [number, number]): void {
    const internals = this.#internals;
    this.ensureCommandEncoderReady();
    internals.computePassEncoder ??= internals.commandEncoder!.beginComputePass();
    internals.computePassEncoder.setPipeline(pipeline);
    internals.computePassEncoder.setBindGroup(0, bindGroup);
    internals.computePassEncoder.dispatchWorkgroups(...grid);
    internals.dispatchCountInPass++;
    if (internals.dispatchCountInPass < tf.env().getNumber("WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE")) {
      return;
    }
    this.#submit();
  }

  #submit(): void {
    if (this.#internals.commandEncoder === null) return;
    this.endComputePassEncoder();
    this.submitQueue();
  }

  #checkAlive(name: string): void {
    if (this.#lost === undefined) return;
    throw new Error(`Cannot run ${name} on the webgpu device: it was lost: ${this.#lost}`);
  }
}

function isEmpty({ shape }: Pick<TensorInfo, "shape">): boolean {
  return shape.includes(0);
}
