"""Makes recipe.json: nnU-Net's own losses with regions and an ignore label, SGD and learning rates by PyTorch.

    pip install --no-deps nnunetv2==2.8.1
    python testdata/make_recipe.py

Made with Python 3.11+, torch 2.13.0 (CPU), numpy 2.4.6, nnunetv2 2.8.1 (the wheel alone: its loss modules need torch and
nothing else). Tensors are channels last.
"""
import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from nnunetv2.training.loss.compound_losses import DC_and_BCE_loss, DC_and_CE_loss
from nnunetv2.training.loss.deep_supervision import DeepSupervisionWrapper
from nnunetv2.training.loss.dice import MemoryEfficientSoftDiceLoss
from nnunetv2.training.lr_scheduler.polylr import PolyLRScheduler

torch.manual_seed(11)
torch.set_num_threads(1)

# Classes 0 to 3; what is annotated as 4 is ignored. Region 0 is every class but the background.
CLASSES, IGNORED = 4, 4
REGIONS = [[1, 2, 3], [2, 3], [3]]


def numbers(tensor):
    return [float(f"{v:.9g}") for v in tensor.detach().double().flatten().tolist()]


def first(x):
    """[N, D, H, W, C] to [N, C, D, H, W]."""
    return x.permute(0, 4, 1, 2, 3)


def softmax_loss(batch_dice, ignore):
    return DC_and_CE_loss({"batch_dice": batch_dice, "smooth": 1e-5, "do_bg": False, "ddp": False}, {},
                          ignore_label=IGNORED if ignore else None, dice_class=MemoryEfficientSoftDiceLoss)


def region_loss(batch_dice, ignore):
    return DC_and_BCE_loss({}, {"batch_dice": batch_dice, "do_bg": True, "smooth": 1e-5, "ddp": False},
                           use_ignore_label=ignore, dice_class=MemoryEfficientSoftDiceLoss)


def region_target(labels, ignore):
    """As batchgeneratorsv2's ConvertSegmentationToRegionsTransform: one channel for each region, then the ignored."""
    groups = REGIONS + ([[IGNORED]] if ignore else [])
    return torch.stack([torch.isin(labels, torch.tensor(group)) for group in groups], 1)


def target_of(labels, kind, ignore):
    return region_target(labels, ignore) if kind == "regions" else labels[:, None]


def losses():
    """The second case holds voxels that are ignored, the third nothing else in its second image."""
    results = []
    for kind, build, outputs in (("classes", softmax_loss, CLASSES), ("regions", region_loss, len(REGIONS))):
        for case, shape in enumerate(((2, 3, 4, 4), (2, 2, 3, 5), (2, 3, 2, 3))):
            ignore = case > 0
            logits = (3 * torch.randn(*shape, outputs)).requires_grad_()
            labels = torch.randint(0, CLASSES + (1 if ignore else 0), shape)
            if case == 2:
                labels[1] = IGNORED
            for batch_dice in (False, True):
                value = build(batch_dice, ignore)(first(logits), target_of(labels, kind, ignore))
                (gradient,) = torch.autograd.grad(value, logits)
                results.append({
                    "kind": kind, "ignore": ignore, "batchDice": batch_dice,
                    "logits": {"shape": list(logits.shape), "values": numbers(logits)},
                    "labels": {"shape": list(shape), "values": labels.flatten().tolist()},
                    "value": value.item(), "gradient": numbers(gradient),
                })
    return results


def deep_supervision():
    """Three heads with nnU-Net's weights, of which the last is 0, and MedNeXt's; batch Dice and ignored voxels."""
    labels = torch.randint(0, CLASSES + 1, (1, 4, 4, 8))
    sizes = [[s // 2**i for s in labels.shape[1:]] for i in range(3)]
    results = []
    for kind, build, outputs in (("classes", softmax_loss, CLASSES), ("regions", region_loss, len(REGIONS))):
        heads = [torch.randn(1, *size, outputs).requires_grad_() for size in sizes]
        small = [F.interpolate(labels[:, None].float(), size, mode="nearest-exact")[:, 0].long() for size in sizes]
        for name, weights in (("nnunet", np.array([1, 0.5, 0]) / 1.5), ("mednext", np.array([1, 0.5, 0.25]) / 1.75)):
            loss = DeepSupervisionWrapper(build(False, True), weights.tolist())
            value = loss([first(h) for h in heads], [target_of(s, kind, True) for s in small])
            results.append({
                "kind": kind, "weights": name, "value": value.item(),
                "heads": [{"shape": list(h.shape), "values": numbers(h)} for h in heads],
            })
    return {"labels": {"shape": list(labels.shape), "values": labels.flatten().tolist()}, "cases": results}


def sgd():
    """Five steps of nnU-Net's SGD, and of one without Nesterov, with a falling learning rate."""
    shapes = {"a": (3, 4), "b": (5,)}
    start = {name: torch.randn(*shape) for name, shape in shapes.items()}
    gradients = [{name: torch.randn(*shape) for name, shape in shapes.items()} for _ in range(5)]
    rates = [1e-2 * (1 - step / 5) ** 0.9 for step in range(5)]
    result = {
        "shapes": {name: list(shape) for name, shape in shapes.items()},
        "start": {name: numbers(w) for name, w in start.items()},
        "learningRates": rates,
        "gradients": [{name: numbers(g) for name, g in step.items()} for step in gradients],
        "runs": [],
    }
    for options in ({"momentum": 0.99, "nesterov": True, "weight_decay": 3e-5},
                    {"momentum": 0.9, "nesterov": False, "weight_decay": 1e-2}):
        weights = {name: w.clone().requires_grad_() for name, w in start.items()}
        optimiser = torch.optim.SGD(weights.values(), lr=1, **options)
        steps = []
        for rate, step in zip(rates, gradients):
            optimiser.param_groups[0]["lr"] = rate
            for name, w in weights.items():
                w.grad = step[name].clone()
            optimiser.step()
            steps.append({name: numbers(w) for name, w in weights.items()})
        result["runs"].append({
            "momentum": options["momentum"], "nesterov": options["nesterov"], "weightDecay": options["weight_decay"],
            "weights": steps,
            "momenta": {name: numbers(optimiser.state[w]["momentum_buffer"]) for name, w in weights.items()},
        })
    return result


def learning_rates():
    """nnU-Net's scheduler, stepped once in an epoch of 4 steps; and a linear warm-up of 5 steps times a decay over 20."""
    def optimiser(rate):
        return torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=rate)
    epochs, per_epoch = 5, 4
    opt = optimiser(1e-2)
    scheduler = PolyLRScheduler(opt, 1e-2, epochs)
    held = []
    for epoch in range(epochs):
        scheduler.step(epoch)
        held += [opt.param_groups[0]["lr"]] * per_epoch
    opt = optimiser(1e-3)
    both = torch.optim.lr_scheduler.ChainedScheduler([
        torch.optim.lr_scheduler.LinearLR(opt, start_factor=1 / 5, end_factor=1, total_iters=4),
        torch.optim.lr_scheduler.PolynomialLR(opt, total_iters=20, power=0.9),
    ])
    warm = []
    for _ in range(20):
        warm.append(opt.param_groups[0]["lr"])
        opt.step()
        both.step()
    return {"perEpoch": held, "warmup": warm}


recipe = {
    "losses": losses(),
    "deepSupervision": deep_supervision(),
    "sgd": sgd(),
    "learningRates": learning_rates(),
}
path = Path(__file__).with_name("recipe.json")
path.write_text("{\n" + ",\n".join(f'"{key}": {json.dumps(value)}' for key, value in recipe.items()) + "\n}\n")
