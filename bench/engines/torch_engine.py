"""Trains and runs nets in PyTorch, for the comparison of engines.

usage: torch_engine.py

Prints {"torch": its version}, then answers each line of its standard input, {"net", "layers", "input_shape", "operation",
"batches", "processor_time"}, by the seconds that the operation took on so many batches of 128 images, by the clock or of the
processor. PyTorch has as many threads as OMP_NUM_THREADS says.
"""

import json
import os
import sys
import time

import torch
from torch.nn import functional as F
from torch_net import Net

BATCH = 128
CLASSES = 10


def he_normal(layers, input_shape):
    """Random weights by Retort's names and in its layouts."""
    height, width, channels = input_shape
    weights = {}
    seen = {"conv": 0, "dense": 0}

    def add(name, shape):
        fan_in = torch.Size(shape[:-1]).numel()
        weights[f"{name}/kernel"] = torch.randn(shape) * (2 / fan_in) ** 0.5
        weights[f"{name}/bias"] = torch.zeros(shape[-1])

    for layer in layers:
        kind = layer["kind"]
        if kind in seen:
            seen[kind] += 1
        if kind == "conv":
            size, same = layer["kernel"], layer["padding"] == "same"
            add(f"conv{seen[kind]}", (size, size, channels, layer["filters"]))
            height, width = (-(-(n if same else n - size + 1) // layer["stride"]) for n in (height, width))
            channels = layer["filters"]
        elif kind == "max-pool":
            height, width = height // layer["size"], width // layer["size"]
        elif kind == "flatten":
            channels = height * width * channels
        elif kind == "dense":
            add(f"dense{seen[kind]}", (channels, layer["units"]))
            channels = layer["units"]
    add("logits", (channels, CLASSES))
    return weights


class Measured:
    """A net with what its operations need."""

    def __init__(self, layers, input_shape):
        self.net = Net(layers, he_normal(layers, input_shape), input_shape)
        self.optimizer = torch.optim.SGD(self.net.parameters(), lr=1e-4, momentum=0.9)
        height, width, channels = input_shape
        self.images = torch.rand(BATCH, channels, height, width)
        self.labels = torch.arange(BATCH) % CLASSES

    def train(self):
        self.net.requires_grad_(True)
        self.optimizer.zero_grad()
        F.cross_entropy(self.net(self.images), self.labels).backward()
        self.optimizer.step()

    def gradient(self):
        self.net.requires_grad_(False)
        images = self.images.clone().requires_grad_()
        loss = F.cross_entropy(self.net(images), self.labels, reduction="sum")
        return torch.autograd.grad(loss, images)

    def forward(self):
        with torch.no_grad():
            return self.net(self.images)


def main():
    torch.manual_seed(0)
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    torch.backends.nnpack.set_flags(False)  # else a warning a pass, where the processor has it not
    nets = {}
    print(json.dumps({"torch": torch.__version__}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        name = request["net"]
        if name not in nets:
            nets[name] = Measured(request["layers"], request["input_shape"])
        operation = getattr(nets[name], request["operation"])
        clock = time.process_time if request["processor_time"] else time.perf_counter
        started = clock()
        for _ in range(request["batches"]):
            operation()
        print(clock() - started, flush=True)


main()
