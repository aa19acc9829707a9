"""Writes labels.json: what nnU-Net makes of labels with regions and an ignore label, and how it paints scores of regions.

nnunetv2 2.8.1, batchgenerators 0.25.1, numpy 2.4.6, torch 2.13.0. Run: python make_labels.py
"""
import json
from pathlib import Path

import numpy as np
from nnunetv2.utilities.label_handling.label_handling import LabelManager

DICTIONARIES = [
    ({"background": 0, "whole tumor": [1, 2, 3], "tumor core": [2, 3], "enhancing tumor": 3}, [1, 2, 3]),
    ({"background": 0, "kidney": [1, 2, 3], "masses": [2, 3], "tumor": 2, "ignore": 4}, [1, 3, 2]),
    ({"background": 0, "b": [7], "a": [2, 7]}, [7, 2]),
    ({"background": 0, "organ": 1, "lesion": [2], "ignore": 3}, None),
]


def scores(heads):
    """Logits over z, y, x; halves of small integers, so that none is near a threshold by rounding."""
    shape = (heads, 2, 3, 4)
    return (((np.arange(np.prod(shape)) * 7919 + 13) % 11 - 5) / 2).reshape(shape).astype(np.float32)


cases = []
for labels, order in DICTIONARIES:
    manager = LabelManager(labels, order)
    logits = scores(manager.num_segmentation_heads)
    regions = manager.all_regions
    cases.append(
        {
            "labels": labels,
            "regions_class_order": order,
            "values": [int(v) for v in manager.all_labels],
            "ignoreLabel": manager.ignore_label,
            "regions": regions and [list(r) if isinstance(r, tuple) else [int(r)] for r in regions],
            "heads": manager.num_segmentation_heads,
            "logits": np.moveaxis(logits, 0, -1).ravel().tolist(),
            "mask": manager.convert_logits_to_segmentation(logits).ravel().tolist(),
        }
    )
Path(__file__).with_name("labels.json").write_text(json.dumps(cases).replace('}, {', '},\n{') + "\n")
