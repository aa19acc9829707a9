"""Expected values of the bootstrap, Wilcoxon's test, Holm's correction and nnU-Net's summary.

    python make_statistics.py > statistics.json

Pinned: Python 3.11.7, numpy 2.4.6, scipy 1.17.1, statsmodels 0.14.5. `compute_metrics` and
`compute_metrics_on_folder` are nnU-Net's (nnunetv2 2.8.1, evaluation/evaluate_predictions.py), word for
word but for reading files.
"""

import json
import warnings

import numpy as np
from scipy import special, stats
from statsmodels.stats.multitest import multipletests

MASK = 2**32 - 1
generator = np.random.default_rng(20261126)


# ---------------------------------------------------------------- xoshiro128**, seeded by splitmix32


def words(seed, count):
    def splitmix():
        nonlocal seed
        seed = (seed + 0x9E3779B9) & MASK
        z = seed
        z = ((z ^ (z >> 16)) * 0x21F0AAAD) & MASK
        z = ((z ^ (z >> 15)) * 0x735A2D97) & MASK
        return z ^ (z >> 15)

    def rotate(x, k):
        return ((x << k) | (x >> (32 - k))) & MASK

    s = [splitmix() for _ in range(4)]
    for _ in range(count):
        yield (rotate((s[1] * 5) & MASK, 7) * 9) & MASK
        t = (s[1] << 9) & MASK
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = rotate(s[3], 11)


class SameDraws(np.random.Generator):
    """A generator for scipy.stats.bootstrap that draws the cases that we draw."""

    def __init__(self, seed):
        super().__init__(np.random.PCG64(0))
        self.seed = seed

    def integers(self, low, high=None, size=None, **_):
        drawn = np.fromiter(words(self.seed, int(np.prod(size))), float)
        return np.floor(drawn / 2**32 * high).astype(int).reshape(size)


def bootstrap(values, seed, resamples, confidence):
    found = stats.bootstrap(
        (np.array(values),), np.mean, n_resamples=resamples, confidence_level=confidence,
        method="percentile", rng=SameDraws(seed),
    ).confidence_interval
    indices = SameDraws(seed).integers(0, len(values), (resamples, len(values)))
    means = np.array(values)[indices].mean(axis=1)
    tail = 50 * (1 - confidence)
    direct = np.percentile(means, [tail, 100 - tail])
    assert np.allclose(direct, found, rtol=0, atol=1e-15)  # NumPy and SciPy agree
    return {
        "values": values, "seed": seed, "resamples": resamples, "confidence": confidence,
        "low": found.low, "high": found.high,
    }


# ---------------------------------------------------------------- Wilcoxon


def wilcoxon(name, differences):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        statistic, p = stats.wilcoxon(differences)
    as_json = [str(d).replace("inf", "Infinity") if np.isinf(d) else float(d) for d in differences]
    return {"name": name, "differences": as_json, "statistic": float(statistic), "pValue": float(p)}


def dice_like(n, shift, digits=None):
    values = np.clip(generator.normal(shift, 0.05, n), -1, 1)
    return values if digits is None else np.round(values, digits)


WILCOXON = [
    wilcoxon("one", [0.1]),
    wilcoxon("two of opposite sign", [0.1, -0.3]),
    wilcoxon("six, all better", [0.01, 0.02, 0.03, 0.04, 0.05, 0.06]),
    wilcoxon("13 without ties", dice_like(13, 0.02)),
    wilcoxon("13 with ties", dice_like(13, 0.02, 2)),
    wilcoxon("13 with zeros", np.where(np.arange(13) < 4, 0, dice_like(13, 0.03))),
    wilcoxon("14 with ties", dice_like(14, 0.02, 2)),
    wilcoxon("20 with a zero", np.append(dice_like(19, 0.02), 0)),
    wilcoxon("40 without ties", dice_like(40, 0.01)),
    wilcoxon("50 without ties", dice_like(50, 0.02)),
    wilcoxon("51 without ties", dice_like(51, 0.02)),
    wilcoxon("60 with ties and zeros", dice_like(60, 0.01, 2)),
    wilcoxon("200, clearly better", dice_like(200, 0.03)),
    wilcoxon("200, the same", dice_like(200, 0.0)),
    wilcoxon("infinite ones", [np.inf, -np.inf, np.inf, 1, -2, 3, 4, 5]),
    wilcoxon("zeros only, 5", np.zeros(5)),
]


# ---------------------------------------------------------------- Holm

P_VALUES = [
    [0.01, 0.04, 0.03, 0.005],
    [0.5, 0.6, 0.9],
    [1e-12, 0.02, 0.02, 0.02, 0.04, 1.0],
    [0.2],
]


# ---------------------------------------------------------------- nnU-Net's summary


def region_or_label_to_mask(segmentation, region_or_label):
    if np.isscalar(region_or_label):
        return segmentation == region_or_label
    mask = np.zeros_like(segmentation, dtype=bool)
    for r in region_or_label:
        mask[segmentation == r] = True
    return mask


def compute_tp_fp_fn_tn(mask_ref, mask_pred, ignore_mask=None):
    if ignore_mask is None:
        use_mask = np.ones_like(mask_ref, dtype=bool)
    else:
        use_mask = ~ignore_mask
    tp = np.sum((mask_ref & mask_pred) & use_mask)
    fp = np.sum(((~mask_ref) & mask_pred) & use_mask)
    fn = np.sum((mask_ref & (~mask_pred)) & use_mask)
    tn = np.sum(((~mask_ref) & (~mask_pred)) & use_mask)
    return tp, fp, fn, tn


def compute_metrics(seg_ref, seg_pred, labels_or_regions, ignore_label=None):
    ignore_mask = seg_ref == ignore_label if ignore_label is not None else None
    results = {"metrics": {}}
    for r in labels_or_regions:
        results["metrics"][r] = {}
        mask_ref = region_or_label_to_mask(seg_ref, r)
        mask_pred = region_or_label_to_mask(seg_pred, r)
        tp, fp, fn, tn = compute_tp_fp_fn_tn(mask_ref, mask_pred, ignore_mask)
        if tp + fp + fn == 0:
            results["metrics"][r]["Dice"] = np.nan
            results["metrics"][r]["IoU"] = np.nan
        else:
            results["metrics"][r]["Dice"] = 2 * tp / (2 * tp + fp + fn)
            results["metrics"][r]["IoU"] = tp / (tp + fp + fn)
        results["metrics"][r]["FP"] = fp
        results["metrics"][r]["TP"] = tp
        results["metrics"][r]["FN"] = fn
        results["metrics"][r]["TN"] = tn
        results["metrics"][r]["n_pred"] = fp + tp
        results["metrics"][r]["n_ref"] = fn + tp
    return results


def compute_metrics_on_folder(pairs, regions_or_labels, ignore_label):
    results = [compute_metrics(a, b, regions_or_labels, ignore_label) for a, b in pairs]
    metric_list = list(results[0]["metrics"][regions_or_labels[0]].keys())
    means = {}
    for r in regions_or_labels:
        means[r] = {}
        for m in metric_list:
            means[r][m] = np.nanmean([i["metrics"][r][m] for i in results])
    foreground_mean = {}
    for m in metric_list:
        values = []
        for k in means.keys():
            if k == 0 or k == "0":
                continue
            values.append(means[k][m])
        foreground_mean[m] = np.mean(values)
    return {"metric_per_case": results, "mean": means, "foreground_mean": foreground_mean}


def clean(value):
    """Keys as nnU-Net writes them, NaN as null."""
    if isinstance(value, dict):
        return {str(k): clean(v) for k, v in value.items()}
    if isinstance(value, list):
        return [clean(v) for v in value]
    return None if np.isnan(value) else float(value)


def summary(labels, ignore=None):
    """Three cases of 24 voxels with labels 0 to 4, the last of which may be what is ignored."""
    pairs = [(generator.integers(0, 5, 24), generator.integers(0, 4, 24)) for _ in range(3)]
    pairs[1] = tuple(np.where(m == 3, 0, m) for m in pairs[1])  # label 3 is in neither mask
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = compute_metrics_on_folder(pairs, labels, ignore)
    return {
        "labels": labels, "ignore": ignore,
        "cases": [[m.tolist() for m in pair] for pair in pairs], "summary": clean(result),
    }


json.dump(
    {
        "words": {"seed": 12345, "values": list(words(12345, 8))},
        "bootstrap": [
            bootstrap(np.round(generator.beta(8, 2, n), 4).tolist(), seed, resamples, confidence)
            for n, seed, resamples, confidence in [(2, 1, 99, 0.95), (12, 7, 200, 0.9), (40, 2**32 - 1, 999, 0.95)]
        ],
        "erfc": [[x, float(special.erfc(x))] for x in [0, 0.01, 0.5, 1, 1.9999, 2, 2.5, 3, 5, 10, 25]],
        "wilcoxon": WILCOXON,
        "holm": [
            {"pValues": p, "corrected": multipletests(p, method="holm")[1].tolist()} for p in P_VALUES
        ],
        "nnunet": [
            summary([1, 2, 3]), summary([1, (2, 3), (1, 2, 3)], 4), summary([1, 9]), summary([0, 1, 2], 4),
        ],
    },
    open(1, "w"),
    separators=(",", ":"),
)
