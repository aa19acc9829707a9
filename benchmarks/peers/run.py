"""Measures PyTorch's side of one work: `python run.py TASK`, TASK as JSON. Prints the outcome as JSON."""

import json
import math
import platform
import sys
import time

import torch

from loss import deep_supervision_loss
from mednext import MedNeXt
from safetensors_file import read_safetensors

SAMPLES = 16
LAYOUTS = {
    "contiguous": torch.contiguous_format,
    "channels_last_3d": torch.channels_last_3d,
}


def load_weights(model, path):
    """Copies all weights; they must have the names and the shapes of the parameters."""
    parameters = dict(model.named_parameters())
    with torch.no_grad():
        for name, values in read_safetensors(path):
            parameter = parameters.pop(name, None)
            if parameter is None or parameter.shape != values.shape:
                found = "no such parameter" if parameter is None else list(parameter.shape)
                sys.exit(f"Cannot load {name}: expected {list(values.shape)}, PyTorch has {found}")
            parameter.copy_(values)
    if parameters:
        sys.exit(f"Cannot load the weights: nothing for {', '.join(parameters)}")


def make_forward(model, image):
    def run():
        with torch.inference_mode():
            return model(image)[0]

    def digest(logits):
        values = logits.permute(0, 2, 3, 4, 1).flatten()
        count = values.numel()
        return [values[int((i + 0.5) * count / SAMPLES)].item() for i in range(SAMPLES)]

    return run, digest


def make_training_step(model, image, labels):
    def run():
        model.zero_grad(set_to_none=True)
        loss = deep_supervision_loss(model(image), labels)
        loss.backward()
        return loss.detach()

    def digest(loss):
        squares = sum(p.grad.double().square().sum().item() for p in model.parameters())
        return [loss.item(), math.sqrt(squares)]

    return run, digest


def peak_bytes():
    with open("/proc/self/status") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    sys.exit("Cannot read the peak memory: /proc/self/status has no line VmHWM")


def measure(task):
    torch.set_num_threads(task["threads"])
    torch.set_num_interop_threads(1)
    work, layout = task["work"], LAYOUTS[task["layout"]]
    training = work["kind"] == "train"
    model = MedNeXt(
        task["inputChannels"], task["classes"], work["size"], work["kernelSize"], training
    )
    load_weights(model, task["weights"])
    model = model.to(memory_format=layout).train(training)
    inputs = dict(read_safetensors(task["inputs"]))
    image = inputs["image"][None, None].contiguous(memory_format=layout)
    labels = inputs["labels"][None, None].long()
    run, digest = (
        make_training_step(model, image, labels) if training else make_forward(model, image)
    )
    seconds = []
    for iteration in range(work["iterations"] + 1):
        start = time.perf_counter()
        result = run()
        if iteration > 0:  # the first is to warm up
            seconds.append(time.perf_counter() - start)
        if iteration < work["iterations"]:
            del result
    return {
        "seconds": seconds,
        "peakBytes": peak_bytes(),
        "parameters": sum(p.numel() for p in model.parameters()),
        "digest": digest(result),
        "about": {
            "torch": torch.__version__,
            "python": platform.python_version(),
            "cpuCapability": torch.backends.cpu.get_cpu_capability(),
            "mkl": torch.backends.mkl.is_available(),
            "oneDnn": torch.backends.mkldnn.is_available(),
        },
    }


print(json.dumps(measure(json.loads(sys.argv[1]))))
