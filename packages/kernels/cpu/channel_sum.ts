import { type CpuKernel, rounded } from "./view.ts";

/** The sum over every axis but the last: the gradient of every bias. */
export const channelSum: CpuKernel<"ChannelSum"> = ({ x }) => {
  const channels = x.shape.at(-1)!;
  const sums = new Float64Array(channels);
  for (let i = 0; i < x.values.length; i++) sums[i % channels] += x.values[i];
  return [rounded([channels], sums)];
};
