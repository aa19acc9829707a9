"""Reads safetensors with PyTorch alone, one array at a time."""

import json

import torch


def read_safetensors(path):
    """Yields (name, float32 tensor)."""
    with open(path, "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(length))
        for name, entry in header.items():
            if name == "__metadata__":
                continue
            start, end = entry["data_offsets"]
            file.seek(8 + length + start)
            values = torch.frombuffer(bytearray(file.read(end - start)), dtype=torch.float32)
            yield name, values.reshape(entry["shape"])
