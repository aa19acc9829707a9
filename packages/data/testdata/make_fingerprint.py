"""Writes fingerprint.json: what nnU-Net's own extractor makes of some files of shared/data.

nnunetv2 2.8.1, numpy 2.4.6, nibabel 5.4.2, scipy 1.17.1. Run: python make_fingerprint.py SHARED

Read by nnU-Net's NibabelIOWithReorient, whose axes are ours: the closest RAS orientation, z, y, x. 5e6 samples for a case
make its random choice immaterial beside the tolerance of the test.
"""
import json
import sys
from pathlib import Path

import numpy as np
from nnunetv2.experiment_planning.dataset_fingerprint.fingerprint_extractor import DatasetFingerprintExtractor
from nnunetv2.imageio.nibabel_reader_writer import NibabelIOWithReorient

SAMPLES = 5_000_000
shared = Path(sys.argv[1]) / "data"
DATASETS = {
    "CT and MR": [
        ("totalseg_ct_mr/example_ct.nii.gz", "totalseg_ct_mr/example_seg_fast_force_split.nii.gz"),
        ("totalseg_ct_mr/example_mr_sm.nii.gz", "totalseg_ct_mr/example_seg_mr.nii.gz"),
    ],
    "hippocampus": [
        (f"hippocampus/imagesTr/hippocampus_{i}.nii.gz", f"hippocampus/labelsTr/hippocampus_{i}.nii.gz")
        for i in ("001", "003", "004")
    ],
}


def describe(files):
    results = [
        DatasetFingerprintExtractor.analyze_case([str(shared / image)], str(shared / label), NibabelIOWithReorient, SAMPLES)
        for image, label in files
    ]
    pool = np.concatenate([intensities[0] for _, _, intensities, _, _ in results])
    low, median, high = np.percentile(pool, (0.5, 50, 99.5))
    labels = [NibabelIOWithReorient().read_seg(str(shared / label))[0] for _, label in files]
    values = sorted({int(v) for label in labels for v in np.unique(label)} - {0})
    return {
        "files": files,
        "spacings": [[float(s) for s in spacing] for _, spacing, *_ in results],
        "shapes_after_crop": [[int(s) for s in shape] for shape, *_ in results],
        "median_relative_size_after_cropping": float(np.median([r[4] for r in results])),
        "intensities": {
            "mean": float(np.mean(pool, dtype=np.float64)),
            "median": float(median),
            "std": float(np.std(pool, dtype=np.float64)),
            "min": float(pool.min()),
            "max": float(pool.max()),
            "percentile_99_5": float(high),
            "percentile_00_5": float(low),
        },
        "class_voxels": {str(v): [int((label == v).sum()) for label in labels] for v in values},
    }


result = {name: describe(files) for name, files in DATASETS.items()}
Path(__file__).with_name("fingerprint.json").write_text(json.dumps(result) + "\n")
