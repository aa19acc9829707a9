import { ATTRIBUTE, type Attribute } from "./attributes.ts";
import type { Context } from "./context.ts";
import { DATA_TYPE, type Values } from "./data_types.ts";
import { execute } from "./execute.ts";
import {
  createHandles,
  createTensor,
  deleteTensor,
  type Handles,
  type Metadata,
  readTensor,
} from "./handles.ts";

/** What tfjs-node-gpu expects of its native addon, without SavedModels (`src/tfjs_binding.ts` of it). */
export interface Binding {
  createTensor(shape: number[], dtype: number, values: ArrayBufferView): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): Values;
  executeOp(name: string, attributes: Attribute[], inputs: number[], outputs: number): Metadata[];
  getNumOfTensors(): number;
  getNumOfSavedModels(): number;
  isUsingGpuDevice(): boolean;
  readonly [constant: `TF_${string}`]: number | string;
  /** The tensors behind it. */
  handles: Handles;
}

/** The constants that tfjs-node-gpu reads from its addon. */
const CONSTANTS = {
  TF_FLOAT: DATA_TYPE.float32,
  TF_INT32: DATA_TYPE.int32,
  TF_INT64: DATA_TYPE.int64,
  TF_BOOL: DATA_TYPE.bool,
  TF_COMPLEX64: DATA_TYPE.complex64,
  TF_STRING: DATA_TYPE.string,
  TF_RESOURCE: DATA_TYPE.resource,
  TF_UINT8: DATA_TYPE.uint8,
  TF_ATTR_STRING: ATTRIBUTE.text,
  TF_ATTR_INT: ATTRIBUTE.int,
  TF_ATTR_FLOAT: ATTRIBUTE.float,
  TF_ATTR_BOOL: ATTRIBUTE.bool,
  TF_ATTR_TYPE: ATTRIBUTE.type,
  TF_ATTR_SHAPE: ATTRIBUTE.shape,
};

/** Makes what stands in for the addon of tfjs-node-gpu. */
export function createBinding(context: Context): Binding {
  const handles = createHandles(context);
  return {
    ...CONSTANTS,
    handles,
    createTensor: (shape, dtype, values) => createTensor(handles, { shape, dtype, values }),
    deleteTensor: (id) => deleteTensor(handles, id),
    tensorDataSync: (id) => readTensor(handles, id),
    executeOp: (name, attributes, inputs, outputs) =>
      execute(handles, { name, attributes, inputs, outputs }),
    getNumOfTensors: () => handles.byId.size,
    getNumOfSavedModels: () => 0,
    isUsingGpuDevice: () => context.gpu !== undefined,
  };
}
