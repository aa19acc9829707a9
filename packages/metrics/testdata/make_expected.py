"""Expected values for random masks, from the definitions written out on SciPy.

    python make_expected.py > expected.json

Pinned: Python 3.11.7, numpy 2.4.6, scipy 1.17.1.

Masks are smoothed noise from a linear congruential generator (the test fills the same ones), so that only
numbers are stored here. The surfel areas are marching cubes by a path of its own: the surface around the
minority corners is found component by component, not face by face as the package does. They were compared
once with the table of DeepMind's surface-distance: all 256 codes agree at four spacings (largest difference
9e-15).
"""

import itertools
import json

import numpy as np
from scipy import ndimage

CASES = [
    # name, shape, spacing, seeds of both masks, thresholds of both
    ("isotropic", (9, 11, 13), (1.0, 1.0, 1.0), (1, 2), (128, 128)),
    ("thick slices", (7, 12, 10), (3.0, 1.0, 1.0), (3, 4), (128, 118)),
    ("three spacings", (8, 9, 10), (2.5, 0.7, 1.3), (5, 6), (132, 124)),
    ("sparse", (10, 10, 10), (1.0, 0.5, 0.5), (7, 8), (176, 170)),
    ("dense", (6, 7, 8), (0.8, 0.8, 2.0), (9, 10), (90, 96)),
    ("one slice", (1, 12, 14), (5.0, 1.0, 1.5), (11, 12), (128, 128)),
]
TOLERANCES = [0.0, 0.7, 1.0, 2.5, 100.0]
PERCENTILES = [0, 50, 95, 99.5, 100]


def noise(shape, seed):
    """Bytes of a linear congruential generator, box-filtered with 2 voxels per axis (wrapping)."""
    state, values = seed, []
    for _ in range(int(np.prod(shape))):
        state = (state * 1664525 + 1013904223) % 2**32
        values.append(state >> 24)
    field = np.array(values).reshape(shape)
    return sum(np.roll(field, shift, (0, 1, 2)) for shift in itertools.product((0, 1), repeat=3)) / 8


# ---------------------------------------------------------------- surfels

CORNERS = list(itertools.product((0, 1), repeat=3))


def components(corners):
    """Sets of corners that are joined by edges."""
    left, found = set(corners), []
    while left:
        part, queue = set(), [left.pop()]
        while queue:
            here = queue.pop()
            part.add(here)
            near = {c for c in left if sum(a != b for a, b in zip(c, here)) == 1}
            left -= near
            queue += near
        found.append(frozenset(part))
    return found


def ring(part):
    """The crossed edges' middles around one component, in order: neighbours share a face of the cell."""
    middles = [
        tuple((a + b) / 2 for a, b in zip(c, d))
        for c in part
        for d in CORNERS
        if d not in part and sum(a != b for a, b in zip(c, d)) == 1
    ]

    def joined(p, q):
        for axis, side in itertools.product(range(3), (0.0, 1.0)):
            if p[axis] == side == q[axis]:
                on_face = [m for m in middles if m[axis] == side]
                if len(on_face) == 2:
                    return True
                # Four crossings belong to two corners of this component that face each other diagonally:
                # each corner is cut off by itself.
                return any(
                    c in part and c[axis] == side and all(
                        sum(abs(u - v) for u, v in zip(c, m)) == 0.5 for m in (p, q)
                    )
                    for c in CORNERS
                )
        return False

    order = [middles.pop()]
    every = order + middles
    middles, rest = every, [m for m in every if m != order[0]]
    while rest:
        step = next(m for m in rest if joined(order[-1], m))
        rest.remove(step)
        order.append(step)
    return [np.array(m) for m in order]


def cuts(n):
    """Every way to cut a polygon of n vertices into triangles."""

    def between(i, j):
        if j - i < 2:
            yield []
        for k in range(i + 1, j):
            for a in between(i, k):
                for b in between(k, j):
                    yield a + b + [(i, k, j)]

    return list(between(0, n - 1))


def triangle_normals(code):
    corners = [c for i, c in enumerate(CORNERS) if code >> (7 - i) & 1]
    if len(corners) > 4:
        corners = [c for c in CORNERS if c not in corners]
    normals = []
    for part in components(corners):
        polygon = ring(part)
        options = [
            [np.cross(polygon[b] - polygon[a], polygon[c] - polygon[a]) / 2 for a, b, c in cut]
            for cut in cuts(len(polygon))
        ]
        normals += max(options, key=lambda ns: round(sum(map(np.linalg.norm, ns)), 9))
    return normals


NORMALS = [triangle_normals(code) for code in range(256)]


def areas(spacing):
    z, y, x = spacing
    scale = np.array([y * x, z * x, z * y])
    return np.array([sum(np.linalg.norm(n * scale) for n in normals) for normals in NORMALS])


# ---------------------------------------------------------------- metrics


def surface(mask, spacing, elements):
    """Where the elements are, on the grid padded by 1, and what each counts."""
    padded = np.pad(mask, 1)
    if elements == "voxel":
        border = padded & ~ndimage.binary_erosion(padded)
        return border, border.astype(float)
    kernel = 2 ** np.arange(7, -1, -1).reshape(2, 2, 2)
    codes = ndimage.correlate(padded.astype(int), kernel, mode="constant")
    return (codes != 0) & (codes != 255), areas(spacing)[codes]


def directed(a, b, spacing, elements):
    (border_a, weight_a), (border_b, weight_b) = (surface(m, spacing, elements) for m in (a, b))
    to_a = ndimage.distance_transform_edt(~border_a, sampling=spacing)
    to_b = ndimage.distance_transform_edt(~border_b, sampling=spacing)
    return to_b[border_a], weight_a[border_a], to_a[border_b], weight_b[border_b]


def nsd(d, tolerance):
    there, there_weight, back, back_weight = d
    hit = [there_weight[there <= tolerance].sum(), back_weight[back <= tolerance].sum()]
    size = [there_weight.sum(), back_weight.sum()]
    return sum(hit) / sum(size), (hit[0] / size[0] + hit[1] / size[1]) / 2


def weighted(values, weights, percentile):
    order = np.lexsort((weights, values))
    share = np.cumsum(weights[order]) / weights.sum()
    return values[order][min(np.searchsorted(share, percentile / 100), len(values) - 1)]


def evaluate(name, shape, spacing, seeds, thresholds):
    a, b = (noise(shape, seed) > limit for seed, limit in zip(seeds, thresholds))
    surfel, voxel = (directed(a, b, spacing, kind) for kind in ("surfel", "voxel"))
    return {
        "name": name,
        "shape": shape,
        "spacing": spacing,
        "seeds": seeds,
        "thresholds": thresholds,
        "voxels": [int(a.sum()), int(b.sum())],
        "area": [float(surfel[1].sum()), float(surfel[3].sum())],
        "dice": float(2 * (a & b).sum() / (a.sum() + b.sum())),
        "distanceSum": float(ndimage.distance_transform_edt(a, sampling=spacing).sum()),
        "nsd": [
            {
                "tolerance": t,
                "deepmind": float(nsd(surfel, t)[0]),
                "medpy": float(nsd(voxel, t)[0]),
                "nnunet-v1": float(nsd(voxel, t)[1]),
            }
            for t in TOLERANCES
        ],
        "hausdorff": [
            {
                "percentile": p,
                "deepmind": float(max(weighted(*surfel[:2], p), weighted(*surfel[2:], p))),
                "medpy": float(np.percentile(np.hstack((voxel[0], voxel[2])), p)),
                "metricsreloaded": float(max(np.percentile(voxel[0], p), np.percentile(voxel[2], p))),
            }
            for p in PERCENTILES
        ],
    }


if __name__ == "__main__":
    codes = np.arange(256)
    tables = [
        {"spacing": s, "sum": float(areas(s).sum()), "moment": float((areas(s) * codes**2).sum())}
        for s in [(1, 1, 1), (3, 1, 1), (1, 2, 5), (0.7, 1.3, 2.9)]
    ]
    print(json.dumps({"tables": tables, "cases": [evaluate(*case) for case in CASES]}))
