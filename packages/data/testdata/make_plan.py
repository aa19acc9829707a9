"""Writes plan.json: what nnU-Net's own planner makes of some fingerprints.

nnunetv2 2.8.1, dynamic-network-architectures 0.4.4, torch 2.13.0, numpy 2.4.6. Run: python make_plan.py

Spacing, transposition, normalisation and median shape are nnU-Net's as they are. For patch, batch and batch Dice its planner
is given a network like MedNeXt in place of its U-Net: four poolings along every axis, and memory in proportion to the voxels
(BYTES for each), with a budget of bytes for a step. Where nnU-Net then shrinks an axis below 32, which no plan for a
MedNeXt does, the three are left out.
"""
import json
import os
import tempfile
from contextlib import redirect_stdout
from pathlib import Path

import numpy as np

work = Path(tempfile.mkdtemp())
for name in ("nnUNet_raw", "nnUNet_preprocessed", "nnUNet_results"):
    os.environ[name] = str(work / name)

from nnunetv2.experiment_planning.experiment_planners import default_experiment_planner as nnunet  # noqa: E402

BYTES = 1000


def around(rng, center, spread, count):
    return [[float(f"{c * (1 + s * rng.uniform(-1, 1)):.6g}") for c, s in zip(center, spread)] for _ in range(count)]


def shapes(rng, center, spread, count):
    return [[max(1, round(c)) for c in row] for row in around(rng, center, spread, count)]


def fingerprint(seed, count, spacing, spacing_spread, shape, shape_spread, relative):
    rng = np.random.RandomState(seed)
    return {
        "spacings": around(rng, spacing, spacing_spread, count),
        "shapes_after_crop": shapes(rng, shape, shape_spread, count),
        "median_relative_size_after_cropping": relative,
    }


MANY = fingerprint(1, 200, (1, 1, 1), (0, 0, 0), (36, 50, 35), (0.1, 0.1, 0.1), 1.0)
THICK = fingerprint(2, 6, (10, 1.5, 1.5), (0.02, 0.2, 0.2), (9, 220, 250), (0.2, 0.1, 0.1), 1.0)
THICK["spacings"][3][0] = 5.0
THIN = fingerprint(7, 6, (4, 0.9, 0.9), (0.02, 0.1, 0.1), (30, 220, 250), (0.2, 0.1, 0.1), 0.76)
THIN["spacings"][1][0] = THIN["spacings"][4][0] = 0.5
CASES = [
    ("small MR crops", ["MRI"], MANY, 1e9),
    ("small MR crops and less memory", ["MRI"], MANY, 5.3e8),
    ("thick slices of which some are thinner", ["MRI"], THICK, 2e9),
    ("thick slices", ["T2", "ADC"], fingerprint(3, 8, (3.6, 0.62, 0.62), (0, 0.1, 0.1), (20, 320, 320), (0.1, 0, 0), 0.9), 4e9),
    ("CT", ["CT"], fingerprint(4, 9, (3, 0.78, 0.78), (0.5, 0.2, 0.2), (150, 512, 512), (0.5, 0, 0), 1.0), 4e9),
    ("four channels and much air", ["T1", "t1ce", "nonorm", "rescale_to_0_1"],
     fingerprint(5, 10, (1, 1, 1), (0, 0, 0), (138, 170, 138), (0.1, 0.1, 0.1), 0.35), 5e9),
    ("sagittal slices", ["CT", "zscore"], fingerprint(6, 7, (0.6, 0.6, 3.3), (0.1, 0.1, 0.1), (512, 448, 17), (0, 0, 0.2), 0.6), 4e10),
    ("a 10th percentile finer than the other axes", ["rgb_to_0_1"], THIN, 6e9),
    ("large volumes", ["CT"], fingerprint(8, 12, (0.8, 0.75, 0.75), (0.1, 0.1, 0.1), (450, 512, 512), (0.1, 0, 0), 1.0), 3e9),
    ("more memory than data", ["PET"], fingerprint(9, 4, (2, 2, 2), (0.1, 0.1, 0.1), (60, 70, 55), (0.1, 0.1, 0.1), 1.0), 1e11),
    ("about an eighth", ["MRI"], fingerprint(10, 20, (1, 1, 1), (0, 0, 0), (128, 128, 128), (0, 0, 0), 1.0), 2 * BYTES * 64**3 + 1),
    ("a little more than an eighth", ["MRI"], fingerprint(11, 20, (1, 1, 1), (0, 0, 0), (128, 128, 112), (0, 0, 0), 1.0), 2 * BYTES * 80 * 64 * 64 + 1),
]


def plan(index, channels, fp, prepare):
    """Runs nnU-Net's planner on a folder of empty files."""
    name = f"Dataset{index:03d}_Test"
    raw, preprocessed = work / "nnUNet_raw" / name, work / "nnUNet_preprocessed" / name
    for folder in (raw / "imagesTr", raw / "labelsTr", preprocessed):
        folder.mkdir(parents=True, exist_ok=True)
    for i in range(len(fp["spacings"])):
        (raw / "labelsTr" / f"case_{i}.nii.gz").touch()
        for channel in range(len(channels)):
            (raw / "imagesTr" / f"case_{i}_{channel:04d}.nii.gz").touch()
    (raw / "dataset.json").write_text(json.dumps({
        "channel_names": {str(i): channel for i, channel in enumerate(channels)},
        "labels": {"background": 0, "thing": 1},
        "numTraining": len(fp["spacings"]),
        "file_ending": ".nii.gz",
        "overwrite_image_reader_writer": "SimpleITKIO",
    }))
    intensities = {str(i): {} for i in range(len(channels))}
    (preprocessed / "dataset_fingerprint.json").write_text(
        json.dumps({**fp, "foreground_intensity_properties_per_channel": intensities}))
    planner = nnunet.ExperimentPlanner(name)
    prepare(planner)
    with redirect_stdout(None):
        return planner.plan_experiment()


def four_poolings(spacing, patch_size, *_):
    n = len(spacing)
    patch = [int(np.ceil(size / 16) * 16) for size in patch_size]
    return [4] * n, [[1] * n] + [[2] * n] * 4, [[3] * n] * 5, patch, [16] * n


def like_mednext(budget):
    def prepare(planner):
        planner.static_estimate_VRAM_usage = lambda patch_size, *_: float(np.prod(patch_size, dtype=np.float64))
        planner.UNet_reference_val_3d = budget / BYTES / 2
        planner.UNet_reference_val_2d = 1e12
    return prepare


def fullres(plans):
    return plans["configurations"]["3d_fullres"]


def shrunk_too_far(configuration):
    sizes = zip(configuration["patch_size"], configuration["median_image_size_in_voxels"])
    return any(size < min(32, median) for size, median in sizes)


original = nnunet.get_pool_and_conv_props
cases = []
for index, (name, channels, fp, budget) in enumerate(CASES, 1):
    nnunet.get_pool_and_conv_props = original
    own = plan(index, channels, fp, lambda _: None)
    nnunet.get_pool_and_conv_props = four_poolings
    try:
        ours = fullres(plan(index, channels, fp, like_mednext(budget)))
    except ZeroDivisionError:
        ours = None
    cases.append({
        "name": name,
        "channelNames": channels,
        "budgetBytes": budget,
        "fingerprint": fp,
        "transpose": own["transpose_forward"],
        "spacing": [float(s) for s in fullres(own)["spacing"]],
        "medianShape": [float(s) for s in fullres(own)["median_image_size_in_voxels"]],
        "normalization": fullres(own)["normalization_schemes"],
        "insideMask": fullres(own)["use_mask_for_norm"],
        **({} if ours is None or shrunk_too_far(ours) else {
            "patchSize": [int(s) for s in ours["patch_size"]],
            "batchSize": int(ours["batch_size"]),
            "batchDice": ours["batch_dice"],
        }),
    })
text = json.dumps({"bytes": BYTES, "cases": cases}).replace('}, {"name"', '},\n{"name"')
Path(__file__).with_name("plan.json").write_text(text + "\n")
