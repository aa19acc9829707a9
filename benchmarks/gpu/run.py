"""Measures one work in eager PyTorch: `python run.py TASK`, TASK as JSON. Prints the outcome as JSON.

Runs on CUDA; where there is none it says so and ends with an error, unless MEDNEXT_TORCH_DEVICE=cpu asks for the processor,
to see that everything runs.
"""

import json
import os
import pathlib
import sys
import time

import torch

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "peers"))
from loss import deep_supervision_loss
from mednext import MedNeXt

WARM_UP = 2


def measure(task):
    device = os.environ.get("MEDNEXT_TORCH_DEVICE", "cuda")
    if device == "cuda" and not torch.cuda.is_available():
        sys.exit("PyTorch sees no CUDA device")
    cuda = device == "cuda"
    torch.manual_seed(0)
    allow = task["runner"] != "float32"
    torch.backends.cuda.matmul.allow_tf32 = allow
    torch.backends.cudnn.allow_tf32 = allow
    autocast = torch.autocast(device, torch.bfloat16, enabled=task["runner"] == "bfloat16")
    training = task["kind"] == "train"
    model = MedNeXt(
        task["inputChannels"], task["classes"], task["size"], task["kernelSize"], training
    ).to(device).train(training)
    grid = [task["voxels"]] * 3
    image = torch.randn([1, task["inputChannels"], *grid], device=device)
    labels = torch.randint(task["classes"], [1, 1, *grid], device=device)

    def step():
        model.zero_grad(set_to_none=True)
        with autocast:
            loss = deep_supervision_loss([head.float() for head in model(image)], labels)
        loss.backward()

    def forward():
        with torch.inference_mode(), autocast:
            model(image)

    run = step if training else forward
    synchronize = torch.cuda.synchronize if cuda else (lambda: None)
    seconds = []
    for iteration in range(WARM_UP + task["repeats"]):
        if cuda and iteration == WARM_UP:
            torch.cuda.reset_peak_memory_stats()
        synchronize()
        start = time.perf_counter()
        run()
        synchronize()
        if iteration >= WARM_UP:
            seconds.append(time.perf_counter() - start)
    peak = torch.cuda.max_memory_allocated() if cuda else None
    name = torch.cuda.get_device_name() if cuda else "cpu"
    return {"seconds": seconds, "peakBytes": peak, "device": f"{name}, PyTorch {torch.__version__}"}


print(json.dumps(measure(json.loads(sys.argv[1]))))
