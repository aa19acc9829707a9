"""Dice plus cross-entropy over the heads: the formulas of nnU-Net v2, as in `deepSupervisionLoss`."""

import torch
import torch.nn.functional as F


def dice_cross_entropy(logits, labels):
    """logits [N, classes, D, H, W], labels [N, 1, D, H, W] of whole numbers."""
    cross_entropy = F.cross_entropy(logits, labels[:, 0])
    probabilities = torch.softmax(logits, 1)[:, 1:]
    with torch.no_grad():
        truth = torch.zeros(logits.shape, dtype=torch.bool).scatter_(1, labels, 1)[:, 1:]
        truth_sum = truth.sum((2, 3, 4))
    intersection = (probabilities * truth).sum((2, 3, 4))
    denominator = truth_sum + probabilities.sum((2, 3, 4)) + 1e-5
    dice = (2 * intersection + 1e-5) / denominator.clip(min=1e-8)
    return cross_entropy - dice.mean()


def deep_supervision_loss(heads, labels):
    """The sum over the heads with weights 1, 1/2, 1/4, ... that sum to one."""
    weights = [2.0**-i for i in range(len(heads))]
    total = 0
    for weight, head in zip(weights, heads):
        size = head.shape[2:]
        if size == labels.shape[2:]:
            target = labels
        else:
            target = F.interpolate(labels.float(), size=size, mode="nearest-exact").long()
        total = total + weight / sum(weights) * dice_cross_entropy(head, target)
    return total
