# Python 3.11+, torch 2.13.0, numpy 2.x. Writes golden.json: outputs and gradients of small MedNeXts with each option, computed in
# double precision by an implementation in PyTorch that knows nothing of ours.  Usage: python make_golden.py
#
# Parameters and input are filled by the rule of sequence.ts. The loss is the sum over the heads of mean(output^2).
import json
import math
import pathlib

import torch
import torch.nn.functional as F

RELEASE_NORM_EPSILON = 1e-5
SAMPLES = 60
SMALL = {"inputChannels": 1, "classes": 2, "baseChannels": 4, "blockCounts": [1] * 9}
CASES = {
    "kernel 7": {**SMALL, "kernelSize": 7, "deepSupervision": True},
    "own ratios, counts and kernels": {
        **SMALL,
        "expansionRatios": [1, 2, 3, 2, 1, 2, 3, 4, 2],
        "blockCounts": [1, 2, 1, 1, 2, 1, 1, 2, 1],
        "encoderKernelSize": 5,
        "decoderKernelSize": 3,
    },
    # With two voxels at the bottleneck, a change of the input by 1e-7 moves a gradient of this one by 5e-4, which no float32 can
    # meet to 1e-3 for sure; with the eight of 32^3 it moves by 3e-7.
    "grn": {**SMALL, "grn": True, "deepSupervision": True, "spatial": [32, 32, 32]},
    "layer norm": {**SMALL, "norm": "layer"},
    "no residuals in blocks": {**SMALL, "residual": False},
    "no residuals in down and up blocks": {**SMALL, "residualResampling": False},
    "no residuals, kernel 5, grn": {
        **SMALL, "residual": False, "residualResampling": False, "kernelSize": 5, "grn": True,
    },
    "batch 2, 3 channels": {**SMALL, "inputChannels": 3, "batch": 2},
    "2-D, batch 2": {**SMALL, "dimensions": 2, "batch": 2, "deepSupervision": True},
    "2-D, kernel 5, layer norm, grn": {
        **SMALL, "dimensions": 2, "kernelSize": 5, "norm": "layer", "grn": True,
    },
    "2-D, no residuals": {**SMALL, "dimensions": 2, "residual": False, "residualResampling": False},
}


def sequence(name, count):
    state = 0x811C9DC5
    for byte in name.encode():
        state = ((state ^ byte) * 0x01000193) % 2**32
    values = []
    for _ in range(count):
        state = (1664525 * state + 1013904223) % 2**32
        values.append(state / 2**32 * 2 - 1)
    return torch.tensor(values, dtype=torch.float64)


def fill(name, shape):
    u = sequence(name, math.prod(shape)).reshape(shape)
    if name.endswith("norm.weight"):
        return 1 + 0.1 * u
    if len(shape) == 1 or "grn_" in name:
        return 0.1 * u
    transposed = name.endswith("conv_out.weight") or (name.startswith("up_") and "res_conv" in name)
    return u * math.sqrt(3 / (shape[0] if transposed else math.prod(shape[1:])))


class Network:
    """The forward pass; a parameter is made where it is first used and kept by its name."""

    def __init__(self, config):
        self.config = config
        self.dims = config.get("dimensions", 3)
        self.weights = {}
        self.convolve = F.conv3d if self.dims == 3 else F.conv2d
        self.transpose = F.conv_transpose3d if self.dims == 3 else F.conv_transpose2d

    def weight(self, name, *shape):
        if name not in self.weights:
            # Rounded to float32, which is what a checkpoint holds.
            value = fill(name, shape).float().double()
            self.weights[name] = value.requires_grad_()
        return self.weights[name]

    def pointwise(self, x, name, out, stride=1):
        w = self.weight(f"{name}.weight", out, x.shape[1], *[1] * self.dims)
        return self.convolve(x, w, self.weight(f"{name}.bias", out), stride=stride)

    def pointwise_transpose(self, x, name, out, stride=1):
        w = self.weight(f"{name}.weight", x.shape[1], out, *[1] * self.dims)
        return self.transpose(x, w, self.weight(f"{name}.bias", out), stride=stride)

    def normalize(self, x, name):
        c = x.shape[1]
        gamma, beta = self.weight(f"{name}.weight", c), self.weight(f"{name}.bias", c)
        if self.config.get("norm") == "layer":
            last = F.layer_norm(x.movedim(1, -1), (c,), gamma, beta, RELEASE_NORM_EPSILON)
            return last.movedim(-1, 1)
        return F.group_norm(x, c, gamma, beta, RELEASE_NORM_EPSILON)

    def respond(self, x, name):
        shape = (1, x.shape[1], *[1] * self.dims)
        size = x.flatten(2).norm(dim=2).reshape(x.shape[0], x.shape[1], *[1] * self.dims)
        relative = size / (size.mean(1, keepdim=True) + 1e-6)
        gamma, beta = self.weight(f"{name}.grn_gamma", *shape), self.weight(f"{name}.grn_beta", *shape)
        return gamma * (x * relative) + beta + x

    def mix(self, x, name, kernel, stride=1, up=False):
        c = x.shape[1]
        w = self.weight(f"{name}.conv1.weight", c, 1, *[kernel] * self.dims)
        b = self.weight(f"{name}.conv1.bias", c)
        function = self.transpose if up else self.convolve
        return function(x, w, b, stride=stride, padding=kernel // 2, groups=c)

    def inside(self, x, name, ratio, out, grn):
        y = self.normalize(x, f"{name}.norm")
        y = F.gelu(self.pointwise(y, f"{name}.conv2", ratio * x.shape[1]))
        if grn:
            y = self.respond(y, name)
        return self.pointwise(y, f"{name}.conv3", out)

    def block(self, x, name, kernel, ratio):
        y = self.inside(self.mix(x, name, kernel), name, ratio, x.shape[1], self.config.get("grn"))
        return x + y if self.config.get("residual", True) else y

    def down(self, x, level, kernel, ratio):
        name, out = f"down_{level}", 2 * x.shape[1]
        grn = self.config.get("grn") and level > 0
        y = self.inside(self.mix(x, name, kernel, stride=2), name, ratio, out, grn)
        if self.config.get("residualResampling", True):
            y = y + self.pointwise(x, f"{name}.res_conv", out, stride=2)
        return y

    def up(self, x, level, kernel, ratio):
        name, out = f"up_{level}", x.shape[1] // 2
        mixed = self.mix(x, name, kernel, stride=2, up=True)
        y = F.pad(self.inside(mixed, name, ratio, out, self.config.get("grn")), [1, 0] * self.dims)
        if self.config.get("residualResampling", True):
            residual = self.pointwise_transpose(x, f"{name}.res_conv", out, stride=2)
            y = y + F.pad(residual, [1, 0] * self.dims)
        return y

    def __call__(self, x):
        config = self.config
        kernel = config.get("kernelSize", 3)
        encoder = config.get("encoderKernelSize", kernel)
        decoder = config.get("decoderKernelSize", kernel)
        ratios = config.get("expansionRatios", [2] * 9)
        counts = config["blockCounts"]

        def stage(x, name, index, kernel):
            for i in range(counts[index]):
                x = self.block(x, f"{name}.{i}", kernel, ratios[index])
            return x

        x = self.pointwise(x, "stem", config["baseChannels"])
        skips = []
        for level in range(4):
            x = stage(x, f"enc_block_{level}", level, encoder)
            skips.append(x)
            x = self.down(x, level, encoder, ratios[level + 1])
        x = stage(x, "bottleneck", 4, decoder)
        features = [x]
        for level in (3, 2, 1, 0):
            x = skips[level] + self.up(x, level, decoder, ratios[8 - level])
            x = stage(x, f"dec_block_{level}", 8 - level, decoder)
            features.insert(0, x)
        heads = 5 if config.get("deepSupervision") else 1
        return [
            self.pointwise_transpose(features[i], f"out_{i}.conv_out", config["classes"])
            for i in range(heads)
        ]


def written(values):
    return " ".join(f"{v:.8g}" for v in values)


def run(config):
    """Head values are taken channels last, every so many."""
    config = dict(config)
    spatial = config.pop("spatial", [16, 32, 16] if config.get("dimensions", 3) == 3 else [32, 48])
    shape = [config.pop("batch", 1), config["inputChannels"], *spatial]
    x = sequence("input", math.prod(shape)).reshape(shape).float().double().requires_grad_()
    network = Network(config)
    heads = network(x)
    sum((head**2).mean() for head in heads).backward()

    def summary(head):
        flat = head.detach().movedim(1, -1).flatten()
        step = max(1, len(flat) // SAMPLES) | 1
        return {
            "shape": list(head.movedim(1, -1).shape),
            "max": float(f"{flat.abs().max():.8g}"),
            "l2": float(f"{flat.norm():.8g}"),
            "step": step,
            "values": written(flat[::step].tolist()),
        }

    return {
        "config": config,
        "input": shape,
        "heads": [summary(head) for head in heads],
        "inputGradient": float(f"{x.grad.norm():.8g}"),
        "gradients": {n: float(f"{w.grad.norm():.8g}") for n, w in network.weights.items()},
    }


if __name__ == "__main__":
    golden = {"torch": torch.__version__, "cases": {n: run(c) for n, c in CASES.items()}}
    path = pathlib.Path(__file__).with_name("golden.json")
    path.write_text(json.dumps(golden, indent=2) + "\n")
