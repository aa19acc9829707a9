# Python 3.11+, torch 2.13.0, safetensors 0.8.0. Writes formats.safetensors: one array in each number format that is read.
# Usage: python make_formats.py
import math
import pathlib

import torch
from safetensors.torch import save_file

arrays = {
    "f16": torch.tensor([0, -1.5, 1 / 3, 65504, 2**-24, -math.inf], dtype=torch.float16),
    "f32": torch.tensor([1e-3, 3e38, -0.0], dtype=torch.float32),
    "f64": torch.tensor([1e-3, math.pi], dtype=torch.float64),
    "bf16": torch.tensor([[1, -3.140625], [2.0**-100, math.nan]], dtype=torch.bfloat16),
    "nothing": torch.zeros([0, 5], dtype=torch.float32),
}
save_file(arrays, pathlib.Path(__file__).with_name("formats.safetensors"))
