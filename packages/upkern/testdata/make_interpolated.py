# Python 3.11+, torch 2.13.0, numpy 2.x. Writes interpolated.json: kernels filled by a rule and what PyTorch's
# interpolation makes of them.  Usage: python make_interpolated.py
import json
import math
import pathlib

import torch
import torch.nn.functional as F

CASES = [
    ([2, 1, 3, 3, 3], [5, 5, 5]),
    ([1, 1, 3, 3, 3], [7, 7, 7]),
    ([1, 1, 5, 5, 5], [7, 7, 7]),
    ([2, 1, 1, 3, 5], [1, 5, 7]),
    ([3, 1, 3, 3], [5, 5]),
    ([2, 1, 5, 5], [7, 7]),
    ([2, 1, 3, 3], [7, 7]),
]


def filled(shape):
    """Value i is sin(1.7 i) rounded to four digits, so that the reader can make it again."""
    count = math.prod(shape)
    values = [round(math.sin(1.7 * i), 4) for i in range(count)]
    return torch.tensor(values, dtype=torch.float32).reshape(shape)


def interpolated(shape, size):
    mode = "trilinear" if len(size) == 3 else "bilinear"
    result = F.interpolate(filled(shape), size=size, mode=mode, align_corners=False)
    return " ".join(f"{v:.7g}" for v in result.flatten().tolist())


cases = [{"from": s, "size": z, "values": interpolated(s, z)} for s, z in CASES]
path = pathlib.Path(__file__).with_name("interpolated.json")
path.write_text(json.dumps({"torch": torch.__version__, "cases": cases}, indent=2) + "\n")
