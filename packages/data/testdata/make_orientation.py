"""Writes orientations of random affines by nibabel: permuted, mirrored, oblique and sheared.

Made with nibabel 5.4.2, numpy 2.4.6. It writes orientation.json beside itself.
"""

import json
import os

import nibabel
import numpy

HERE = os.path.dirname(os.path.abspath(__file__))


def random_affine(generator, kind):
    matrix = numpy.eye(3)[generator.permutation(3)] * generator.choice([-1, 1], 3)
    if kind != "straight":
        rotation, _ = numpy.linalg.qr(generator.normal(size=(3, 3)))
        matrix = rotation if kind == "any" else matrix @ (numpy.eye(3) + 0.3 * generator.normal(size=(3, 3)))
    affine = numpy.eye(4)
    affine[:3, :3] = matrix * generator.uniform(0.5, 5, 3)
    affine[:3, 3] = generator.uniform(-100, 100, 3)
    return affine


def main():
    generator = numpy.random.default_rng(20230317)
    cases = []
    for kind in ["straight"] * 12 + ["any"] * 20 + ["sheared"] * 20:
        affine = random_affine(generator, kind)
        image = nibabel.Nifti1Image(numpy.arange(24, dtype=numpy.int16).reshape(2, 3, 4), affine)
        canonical = nibabel.as_closest_canonical(image)
        cases.append({
            "affine": affine.ravel().tolist(),
            "code": "".join(nibabel.aff2axcodes(affine)),
            "canonicalAffine": canonical.affine.ravel().tolist(),
            "canonicalVoxels": numpy.asarray(canonical.dataobj).transpose(2, 1, 0).ravel().tolist(),
        })
    with open(os.path.join(HERE, "orientation.json"), "w") as file:
        file.write("[\n  " + ",\n  ".join(json.dumps(case) for case in cases) + "\n]\n")


main()
