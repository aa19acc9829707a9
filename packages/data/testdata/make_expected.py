"""Writes what NIfTI and Zarr files hold, by nibabel and by the Python package zarr.

Made with nibabel 5.4.2, zarr 3.1.6, numpy 2.4.6. Run it with the folder of the sample data:

    python make_expected.py DATA

It writes nifti_expected.json and zarr_expected.json beside itself; files that the libraries cannot read are left out.
Array order is that of a volume: [z, y, x, channel].
"""

import json
import os
import sys
import warnings

import nibabel
import numpy
import zarr

HERE = os.path.dirname(os.path.abspath(__file__))
LARGEST_TO_ROTATE = 3_000_000  # Keeps the tests short.
NIFTI_FOLDERS = ["nifti_robustness", "spinalcord_sct", "spine_tptbox", "totalseg_ct_mr"]


def walk(folder):
    for root, folders, files in os.walk(folder):
        folders.sort()
        yield root, sorted(files)


def probe(values):
    """Sums that see values, their places and what is not finite; and some values."""
    flat = numpy.ascontiguousarray(values).ravel().astype(numpy.float64)
    finite = numpy.where(numpy.isfinite(flat), flat, 0.0)
    weights = numpy.arange(flat.size) % 251
    picks = [int(i) for i in numpy.linspace(0, flat.size - 1, 5).round()] if flat.size else []
    return {
        "nan": int(numpy.isnan(flat).sum()),
        "infinite": int(numpy.isinf(flat).sum()),
        "min": float(finite.min()) if flat.size else 0.0,
        "max": float(finite.max()) if flat.size else 0.0,
        "sum": float(finite.sum()),
        "absoluteSum": float(numpy.abs(finite).sum()),
        "placeSum": float((finite * weights).sum()),
        "voxels": [[i, None if not numpy.isfinite(flat[i]) else float(flat[i])] for i in picks],
    }


def arranged(image):
    values = image.get_fdata(dtype=numpy.float64)
    while values.ndim < 3:
        values = values[..., None]
    values = values.reshape(values.shape[:3] + (-1,))
    return values.transpose(2, 1, 0, 3)


def describe_nifti(path):
    image = nibabel.load(path)
    if not isinstance(image, (nibabel.Nifti1Image, nibabel.Nifti1Pair)):
        return None
    if image.header.get_data_dtype().kind not in "iuf" or isinstance(image, nibabel.Cifti2Image):
        return None
    # nibabel takes 27307x1x6 for a FreeSurfer surface of 163842 points; here a file is what its header says.
    stored = [int(n) for n in image.header["dim"][1 : 1 + image.header["dim"][0]]]
    if list(image.shape) != stored:
        image = nibabel.Nifti1Image(image.get_fdata().reshape(stored, order="F"), image.affine, image.header)
    values = arranged(image)
    entry = {
        "shape": list(values.shape[:3]),
        "channels": values.shape[3],
        "datatype": image.header.get_data_dtype().newbyteorder("=").name,
        "affine": [float(v) for v in image.affine.ravel()],
        "orientation": "".join(nibabel.aff2axcodes(image.affine)),
        **probe(values),
    }
    if len(image.shape) >= 3 and values.size <= LARGEST_TO_ROTATE:
        canonical = nibabel.as_closest_canonical(image)
        rotated = arranged(canonical)
        entry["canonical"] = {
            "shape": list(rotated.shape[:3]),
            "affine": [float(v) for v in canonical.affine.ravel()],
            "placeSum": probe(rotated)["placeSum"],
        }
    return entry


def describe_zarr(path):
    array = zarr.open_array(path, mode="r")
    if array.dtype.kind not in "biuf":
        return None
    return {"shape": list(array.shape), "dtype": array.dtype.newbyteorder("=").name, **probe(array[...])}


def is_array(path):
    if os.path.exists(os.path.join(path, ".zarray")):
        return True
    try:
        with open(os.path.join(path, "zarr.json")) as file:
            return json.load(file)["node_type"] == "array"
    except (OSError, ValueError, KeyError):
        return False


def collect(names, describe, data):
    result = {}
    for name in names:
        try:
            entry = describe(os.path.join(data, name))
        except Exception as error:  # What a library refuses is the point of many of these files.
            print(f"{name}: {type(error).__name__}: {str(error)[:100]}")
            continue
        if entry is not None:
            result[name] = entry
    return result


def write(name, entries):
    with open(os.path.join(HERE, name), "w") as file:
        rows = [f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in entries.items()]
        file.write("{\n" + ",\n".join(rows) + "\n}\n")


def main(data):
    warnings.simplefilter("ignore")
    files = [
        os.path.relpath(os.path.join(root, file), data)
        for folder in NIFTI_FOLDERS
        for root, names in walk(os.path.join(data, folder))
        for file in names
        if file != "README.md"
    ]
    write("nifti_expected.json", collect(files, describe_nifti, data))
    arrays = [
        os.path.relpath(root, data)
        for root, _ in walk(os.path.join(data, "zarr"))
        if is_array(root)
    ]
    write("zarr_expected.json", collect(arrays, describe_zarr, data))


main(sys.argv[1])
