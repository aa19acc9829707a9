"""Writes golden.json: values and gradients of PyTorch for the operations of this package.

torch==2.13.0, numpy==2.4.6; run on a CPU in float64, rounded to float32 at the end, so that the values
are those of the definition and not of one library's order of summation:

    python packages/kernels/testdata/make_golden.py && deno fmt packages/kernels/testdata

Every case holds its inputs, the output y and the gradients of sum(y * weight) in each input, all
channels last as the operations take them; values are base64 of little-endian float32.
"""
import base64
import json
import pathlib

import numpy
import torch
import torch.nn.functional as F

rng = numpy.random.default_rng(20230309)


def channels_first(x):
    return x.permute(0, 4, 1, 2, 3)


def channels_last(x):
    return x.permute(0, 2, 3, 4, 1)


def depthwise(x, filter, bias, strides, padding):
    weight = filter.permute(3, 0, 1, 2)[:, None]
    y = F.conv3d(channels_first(x), weight, bias, strides, padding, groups=x.shape[-1])
    return channels_last(y)


def depthwise_transpose(x, filter, bias, strides, padding):
    weight = filter.permute(3, 0, 1, 2)[:, None]
    y = F.conv_transpose3d(channels_first(x), weight, bias, strides, padding, groups=x.shape[-1])
    return channels_last(y)


def pointwise(x, filter, bias, strides):
    weight = filter.T[:, :, None, None, None]
    return channels_last(F.conv3d(channels_first(x), weight, bias, strides))


def pointwise_transpose(x, filter, bias, strides):
    weight = filter[:, :, None, None, None]
    return channels_last(F.conv_transpose3d(channels_first(x), weight, bias, strides))


def dense(x, filter, bias, strides, padding):
    weight = filter.permute(4, 3, 0, 1, 2)
    return channels_last(F.conv3d(channels_first(x), weight, bias, strides, padding))


def dense_transpose(x, filter, bias, strides, padding):
    weight = filter.permute(4, 3, 0, 1, 2)
    return channels_last(F.conv_transpose3d(channels_first(x), weight, bias, strides, padding))


def group_norm(x, gamma, beta, epsilon):
    return channels_last(F.group_norm(channels_first(x), x.shape[-1], gamma, beta, epsilon))


def layer_norm(x, gamma, beta, epsilon):
    return F.layer_norm(x, x.shape[-1:], gamma, beta, epsilon)


def response_norm(x, gamma, beta, epsilon):
    """The formula of the release of MedNeXt (ConvNeXt V2's, over three axes)."""
    gx = torch.linalg.vector_norm(x, dim=(1, 2, 3), keepdim=True)
    nx = gx / (gx.mean(dim=-1, keepdim=True) + epsilon)
    return gamma * (x * nx) + beta + x


def resize(x, size):
    y = F.interpolate(channels_first(x), tuple(size), mode="trilinear", align_corners=False)
    return channels_last(y)


def case(op, function, shapes, scale=1, **options):
    inputs = {
        name: torch.from_numpy((scale * rng.standard_normal(shape)).astype("float32")).double()
        for name, shape in shapes.items()
    }
    for value in inputs.values():
        value.requires_grad_()
    y = function(**inputs, **options)
    weight = torch.from_numpy(rng.standard_normal(tuple(y.shape)).astype("float32")).double()
    (y * weight).sum().backward()
    return {
        "op": op,
        "options": options,
        "inputs": {name: pack(value) for name, value in inputs.items()},
        "weight": pack(weight),
        "output": pack(y),
        "gradients": {name: pack(value.grad) for name, value in inputs.items()},
    }


def pack(value):
    values = value.detach().contiguous().numpy().astype("<f4")
    return {"shape": list(value.shape), "float32": base64.b64encode(values.tobytes()).decode()}


def depthwise_shapes(x, kernel):
    return {"x": x, "filter": [*kernel, x[-1]], "bias": [x[-1]]}


def norm_shapes(x):
    return {"x": x, "gamma": [x[-1]], "beta": [x[-1]]}


def adamw(steps, **options):
    """The weights after each of a few steps of torch.optim.AdamW, and the moments after the last."""
    weights = torch.nn.Parameter(torch.from_numpy(rng.standard_normal(7).astype("float32")).double())
    start = pack(weights)
    names = {"learningRate": "lr", "weightDecay": "weight_decay", "epsilon": "eps"}
    kwargs = {names[name]: value for name, value in options.items() if name in names}
    optimizer = torch.optim.AdamW([weights], betas=(options["beta1"], options["beta2"]), **kwargs)
    gradients, results = [], []
    for _ in range(steps):
        weights.grad = torch.from_numpy(rng.standard_normal(7).astype("float32")).double()
        gradients.append(pack(weights.grad))
        optimizer.step()
        results.append(pack(weights))
    state = optimizer.state[weights]
    return {
        "options": options,
        "start": start,
        "gradients": gradients,
        "weights": results,
        "firstMoment": pack(state["exp_avg"]),
        "secondMoment": pack(state["exp_avg_sq"]),
    }


def main():
    cases = [
        case("depthwiseConv3d", depthwise, depthwise_shapes([2, 4, 5, 3, 3], [3, 3, 3]),
             strides=[1, 1, 1], padding=[1, 1, 1]),
        case("depthwiseConv3d", depthwise, depthwise_shapes([1, 6, 4, 5, 4], [5, 5, 5]),
             strides=[2, 2, 2], padding=[2, 2, 2]),
        case("depthwiseConv3d", depthwise, depthwise_shapes([1, 3, 6, 7, 2], [1, 3, 5]),
             strides=[1, 2, 2], padding=[0, 1, 2]),
        case("depthwiseConv3d", depthwise, depthwise_shapes([1, 8, 3, 2, 2], [7, 1, 3]),
             strides=[2, 1, 2], padding=[3, 0, 1]),
        case("depthwiseConv3d", depthwise, depthwise_shapes([1, 4, 5, 6, 2], [3, 5, 3]),
             strides=[1, 2, 1], padding=[0, 4, 2]),
        case("depthwiseConv3dTranspose", depthwise_transpose,
             depthwise_shapes([2, 3, 2, 3, 3], [3, 3, 3]), strides=[2, 2, 2], padding=[1, 1, 1]),
        case("depthwiseConv3dTranspose", depthwise_transpose,
             depthwise_shapes([1, 3, 4, 3, 2], [1, 3, 5]), strides=[1, 2, 1], padding=[0, 2, 1]),
        case("pointwiseConv3d", pointwise, {"x": [2, 3, 4, 3, 3], "filter": [3, 5], "bias": [5]},
             strides=[1, 1, 1]),
        case("pointwiseConv3d", pointwise, {"x": [1, 4, 5, 3, 3], "filter": [3, 4], "bias": [4]},
             strides=[2, 2, 2]),
        case("pointwiseConv3d", pointwise, {"x": [1, 4, 5, 6, 2], "filter": [2, 3], "bias": [3]},
             strides=[2, 1, 2]),
        case("pointwiseConv3dTranspose", pointwise_transpose,
             {"x": [1, 2, 3, 4, 2], "filter": [2, 3], "bias": [3]}, strides=[1, 2, 1]),
        case("pointwiseConv3dTranspose", pointwise_transpose,
             {"x": [2, 2, 3, 2, 3], "filter": [3, 2], "bias": [2]}, strides=[2, 2, 2]),
        case("conv3d", dense, {"x": [1, 5, 4, 6, 2], "filter": [3, 3, 3, 2, 3], "bias": [3]},
             strides=[2, 2, 2], padding=[1, 1, 1]),
        case("conv3d", dense, {"x": [2, 3, 4, 5, 2], "filter": [1, 3, 5, 2, 2], "bias": [2]},
             strides=[1, 2, 1], padding=[0, 1, 2]),
        case("conv3dTranspose", dense_transpose,
             {"x": [2, 2, 3, 2, 3], "filter": [3, 3, 3, 2, 3], "bias": [2]},
             strides=[2, 2, 2], padding=[1, 1, 1]),
        case("conv3dTranspose", dense_transpose,
             {"x": [1, 3, 2, 3, 2], "filter": [3, 1, 5, 2, 2], "bias": [2]},
             strides=[1, 2, 3], padding=[0, 0, 3]),
        case("groupNorm", group_norm, norm_shapes([2, 3, 4, 2, 3]), epsilon=1e-5),
        case("layerNorm", layer_norm, norm_shapes([2, 2, 3, 2, 5]), epsilon=1e-5),
        case("globalResponseNorm", response_norm, norm_shapes([2, 2, 3, 2, 4]), epsilon=1e-6),
        case("gelu", F.gelu, {"x": [64]}, scale=3),
        case("resizeTrilinear", resize, {"x": [2, 3, 4, 2, 2]}, size=[5, 3, 7]),
    ]
    steps = adamw(3, learningRate=1e-2, weightDecay=0.1, beta1=0.9, beta2=0.999, epsilon=1e-4)
    path = pathlib.Path(__file__).with_name("golden.json")
    golden = {"torch": torch.__version__, "cases": cases, "adamw": steps}
    path.write_text(json.dumps(golden, indent=2) + "\n")


main()
