import type { TensorInfo } from "@tensorflow/tfjs";

/** One pass over the device: a shader and what it reads and writes. */
export interface Program {
  /** The kernel, for messages. */
  name: string;
  /** What it reads, by the names of the shader: float32 tensors are `array<T>`, others `array<i32>`. */
  inputs: Record<string, TensorInfo>;
  /** What it writes, all float32. */
  outputs: Record<string, TensorInfo>;
  /** Whole numbers from 0, in the shader `p.name`. */
  sizes?: Record<string, number>;
  /** Numbers, in the shader `p.name`. */
  numbers?: Record<string, number>;
  /** Values of one T: 4 makes it `vec4f`. @default {1} */
  lanes?: 1 | 4;
  /** Whether it has values of float16, which the device must have been asked for. @default {false} */
  float16?: boolean;
  /** Functions, constants and workgroup memory. */
  declarations?: string;
  /** Statements of each invocation, which has `index`, the number of its workgroup `group` and its place there `local`. */
  body: string;
  /** Invocations of a workgroup. @default {64} */
  workgroupSize?: number;
  /** How many invocations there are, if they do not care about workgroups; more are cut off. */
  invocations?: number;
  /** How many workgroups there are, if they do. */
  workgroups?: number;
}

/** Invocations of a workgroup if a program says nothing. */
const WORKGROUP_SIZE = 64;

/** The shader of a program. */
export function shaderOf(program: Program): string {
  const { inputs, outputs, lanes = 1, declarations = "", body, invocations } = program;
  const bindings = [
    ...Object.entries(inputs).map(([name, info]) => declare(name, "read", info)),
    ...Object.entries(outputs).map(([name, info]) => declare(name, "read_write", info)),
    "var<uniform> p: Parameters;",
  ];
  const sizes = Object.keys(sizesOf(program)).map((name) => `${name}: u32,`);
  const numbers = Object.keys(program.numbers ?? {}).map((name) => `${name}: f32,`);
  const size = program.workgroupSize ?? WORKGROUP_SIZE;
  return `${program.float16 ? "enable f16;\n" : ""}alias T = ${lanes === 4 ? "vec4f" : "f32"};
struct Parameters { ${[...sizes, ...numbers].join(" ")} }
${bindings.map((binding, i) => `@group(0) @binding(${i}) ${binding}`).join("\n")}
${declarations}
@compute @workgroup_size(${size})
fn main(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let group = workgroup.x + workgroups.x * workgroup.y;
  let index = group * ${size}u + local;
  if (${invocations === undefined ? "group >= p.workgroups" : "index >= p.invocations"}) { return; }
  ${body}
}
`;
}

/** The bytes of a program's parameters. */
export function parametersOf(program: Program): ArrayBuffer {
  const sizes = Object.values(sizesOf(program));
  const numbers = Object.values(program.numbers ?? {});
  const bytes = new ArrayBuffer(4 * (sizes.length + numbers.length));
  new Uint32Array(bytes, 0, sizes.length).set(sizes);
  new Float32Array(bytes, 4 * sizes.length).set(numbers);
  return bytes;
}

/** The grid of workgroups: a row of them, or several rows if there are more than a row can have. */
export function gridOf(program: Program, longest: number): [number, number] {
  const { invocations, workgroups, workgroupSize = WORKGROUP_SIZE } = program;
  const count = workgroups ?? Math.ceil(invocations! / workgroupSize);
  const rows = Math.ceil(count / longest);
  return [Math.ceil(count / rows), rows];
}

function sizesOf({ sizes, invocations, workgroups }: Program): Record<string, number> {
  return {
    ...sizes,
    ...(invocations === undefined ? { workgroups: workgroups! } : { invocations }),
  };
}

function declare(name: string, access: "read" | "read_write", { dtype }: TensorInfo): string {
  return `var<storage, ${access}> ${name}: array<${dtype === "float32" ? "T" : "i32"}>;`;
}
