"""Makes golden.json: losses, gradients, optimiser steps and Gaussian weights by PyTorch and SciPy.

    python testdata/make_golden.py

Made with Python 3.11+, torch 2.13.0 (CPU), scipy 1.17.1, numpy 2.4.6. The formulas of the losses are those of nnU-Net v2
(training/loss/dice.py, compound_losses.py, deep_supervision.py), written out here. Tensors are channels last.
"""
import json
from pathlib import Path

import numpy as np
import scipy.ndimage
import torch
import torch.nn.functional as F

torch.manual_seed(7)
torch.set_num_threads(1)


def numbers(tensor):
    return [float(f"{v:.9g}") for v in tensor.detach().double().flatten().tolist()]


def first(logits):
    """[N, D, H, W, C] to [N, C, D, H, W]."""
    return logits.permute(0, 4, 1, 2, 3)


def cross_entropy(logits, labels):
    return F.cross_entropy(first(logits), labels)


def soft_dice(logits, labels, batch_dice, smooth=1e-5):
    p = torch.softmax(first(logits), 1)[:, 1:]
    y = F.one_hot(labels, logits.shape[-1]).permute(0, 4, 1, 2, 3)[:, 1:].to(p.dtype)
    axes = (2, 3, 4)
    intersection, predicted, true = (p * y).sum(axes), p.sum(axes), y.sum(axes)
    if batch_dice:
        intersection, predicted, true = intersection.sum(0), predicted.sum(0), true.sum(0)
    return -((2 * intersection + smooth) / torch.clip(true + predicted + smooth, 1e-8)).mean()


def losses():
    """Labels hold -1 (background to the loss) and a class that the second case lacks."""
    results = []
    for shape, classes in (((2, 3, 4, 4), 3), ((1, 2, 3, 5), 4)):
        logits = (3 * torch.randn(*shape, classes)).double().requires_grad_()
        labels = torch.randint(-1, classes, shape)
        if shape[0] == 2:
            labels[1][labels[1] == 2] = 1
        clean = labels.clamp(min=0)
        entry = {
            "logits": {"shape": list(logits.shape), "values": numbers(logits)},
            "labels": {"shape": list(shape), "values": labels.flatten().tolist()},
        }
        for name, loss in {
            "crossEntropy": lambda: cross_entropy(logits, clean),
            "dice": lambda: soft_dice(logits, clean, False),
            "batchDice": lambda: soft_dice(logits, clean, True),
            "both": lambda: 0.5 * cross_entropy(logits, clean) + 2 * soft_dice(logits, clean, False),
        }.items():
            value = loss()
            (gradient,) = torch.autograd.grad(value, logits)
            entry[name] = {"value": value.item(), "gradient": numbers(gradient)}
        results.append(entry)
    return results


def deep_supervision():
    labels = torch.randint(0, 3, (1, 4, 6, 4))
    heads = [torch.randn(1, *s, 3).double().requires_grad_() for s in ((4, 6, 4), (2, 3, 2), (1, 2, 1))]
    weights = np.array([1, 0.5, 0.25]) / 1.75
    total = 0
    for head, weight in zip(heads, weights):
        small = F.interpolate(labels[:, None].float(), head.shape[1:4], mode="nearest-exact")[:, 0].long()
        total = total + float(weight) * (cross_entropy(head, small) + soft_dice(head, small, False))
    gradients = torch.autograd.grad(total, heads)
    return {
        "labels": {"shape": list(labels.shape), "values": labels.flatten().tolist()},
        "heads": [{"shape": list(h.shape), "values": numbers(h)} for h in heads],
        "value": total.item(),
        "gradients": [numbers(g) for g in gradients],
    }


def nearest_exact():
    results = []
    for size, to in (((5, 7, 6), (3, 2, 4)), ((6, 4, 8), (3, 2, 4)), ((3, 2, 3), (5, 3, 4))):
        labels = torch.arange(2 * int(np.prod(size))).reshape(2, *size)
        small = F.interpolate(labels[:, None].double(), to, mode="nearest-exact")[:, 0].long()
        results.append({"size": list(size), "to": list(to), "values": small.flatten().tolist()})
    return results


def adamw():
    """Five steps of AdamW with a falling learning rate and gradients clipped to a norm of 12."""
    shapes = {"a": (3, 4), "b": (5,)}
    weights = {name: torch.randn(*shape).requires_grad_() for name, shape in shapes.items()}
    result = {
        "shapes": {name: list(shape) for name, shape in shapes.items()},
        "start": {name: numbers(w) for name, w in weights.items()},
        "steps": [],
    }
    optimiser = torch.optim.AdamW(weights.values(), lr=1e-3, weight_decay=3e-5, eps=1e-4)
    for step in range(5):
        rate = 1e-3 * (1 - step / 5) ** 0.9
        for group in optimiser.param_groups:
            group["lr"] = rate
        scale = [1, 30, 0.1, 10, 3][step]
        for w in weights.values():
            w.grad = scale * torch.randn(*w.shape)
        gradients = {name: numbers(w.grad) for name, w in weights.items()}
        norm = torch.nn.utils.clip_grad_norm_(weights.values(), 12)
        clipped = {name: numbers(w.grad) for name, w in weights.items()}
        optimiser.step()
        result["steps"].append({
            "learningRate": rate,
            "gradients": gradients,
            "norm": norm.item(),
            "clipped": clipped,
            "weights": {name: numbers(w) for name, w in weights.items()},
        })
    state = {name: optimiser.state[w] for name, w in weights.items()}
    result["firstMoment"] = {name: numbers(s["exp_avg"]) for name, s in state.items()}
    result["secondMoment"] = {name: numbers(s["exp_avg_sq"]) for name, s in state.items()}
    return result


def gaussian():
    """nnU-Net's compute_gaussian in double precision; the last has voxels beyond the cut."""
    results = []
    for size, scale in (((8, 6, 5), 1 / 8), ((4, 16, 1), 1 / 8), ((9, 4, 4), 1 / 16)):
        weights = np.zeros(size)
        weights[tuple(s // 2 for s in size)] = 1
        weights = scipy.ndimage.gaussian_filter(weights, [s * scale for s in size], 0, mode="constant", cval=0)
        weights *= 10 / weights.max()
        weights[weights == 0] = weights[weights != 0].min()
        results.append({"patchSize": list(size), "sigmaScale": scale,
                        "values": [float(f"{v:.9g}") for v in weights.flatten()]})
    return results


golden = {
    "losses": losses(),
    "deepSupervision": deep_supervision(),
    "nearestExact": nearest_exact(),
    "adamw": adamw(),
    "gaussian": gaussian(),
}
path = Path(__file__).with_name("golden.json")
path.write_text("{\n" + ",\n".join(f'"{key}": {json.dumps(value)}' for key, value in golden.items()) + "\n}\n")
