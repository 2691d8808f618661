"""Nets that Retort describes, in PyTorch, with their weights laid out as PyTorch has them."""

import json

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F


class Net(nn.Module):
    """A net of an exported architecture, for images [n, channels, height, width]; counts the images that pass.

    layers: as Retort's architectures list them, without the last one, which gives the logits.
    weights: tensors by Retort's names, convolutions [height, width, in, out], full connections [in, out].
    input_shape: [height, width, channels]
    """

    def __init__(self, layers, weights, input_shape):
        super().__init__()
        self.layers = layers
        self.kernels = nn.ParameterDict()
        self.biases = nn.ParameterDict()
        for name, kernel, flat in described(layers, weights, input_shape):
            self.kernels[name] = nn.Parameter(laid_out(kernel, flat))
            self.biases[name] = nn.Parameter(weights[f"{name}/bias"])
        self.forwards = 0
        self.gradients = 0

    def forward(self, x):
        self.forwards += len(x)
        seen = {"conv": 0, "dense": 0}
        for layer in self.layers:
            kind = layer["kind"]
            if kind in seen:
                seen[kind] += 1
                kernel, bias = self.of(f"{kind}{seen[kind]}")
            if kind == "conv":
                x = F.relu(F.conv2d(x, kernel, bias, stride=layer["stride"], padding=layer["padding"]))
            elif kind == "max-pool":
                x = F.max_pool2d(x, layer["size"])
            elif kind == "flatten":
                x = x.flatten(1)
            elif kind == "dense":
                x = F.relu(F.linear(x, kernel, bias))
            elif kind != "dropout":
                raise ValueError(f"no layer of kind {kind} is known here")
        logits = F.linear(x, *self.of("logits"))
        if logits.requires_grad:
            logits.register_hook(self.count)
        return logits

    def of(self, layer):
        return self.kernels[layer], self.biases[layer]

    def count(self, gradient):
        self.gradients += len(gradient)


def described(layers, weights, input_shape):
    """The name and kernel of each layer with weights; of the first after the images are flattened, their shape too."""
    height, width, channels = input_shape
    seen = {"conv": 0, "dense": 0}
    flat = None
    for layer in layers:
        kind = layer["kind"]
        if kind == "conv":
            seen[kind] += 1
            kernel = weights[f"conv{seen[kind]}/kernel"]
            yield f"conv{seen[kind]}", kernel, None
            size, stride, same = layer["kernel"], layer["stride"], layer["padding"] == "same"
            height, width = (-(-(n if same else n - size + 1) // stride) for n in (height, width))
            channels = kernel.shape[3]
        elif kind == "max-pool":
            height, width = height // layer["size"], width // layer["size"]
        elif kind == "flatten":
            flat = (height, width, channels)
        elif kind == "dense":
            seen[kind] += 1
            yield f"dense{seen[kind]}", weights[f"dense{seen[kind]}/kernel"], flat
            flat = None
    yield "logits", weights["logits/kernel"], flat


def laid_out(kernel, flat):
    """A kernel as PyTorch has it: [out, in, height, width], or [out, in] with channels before rows and columns."""
    if kernel.dim() == 4:
        return kernel.permute(3, 2, 0, 1).contiguous()
    if flat is not None:
        kernel = kernel.reshape(*flat, -1).permute(2, 0, 1, 3).reshape(kernel.shape)
    return kernel.T.contiguous()


def read_safetensors(path):
    """Tensors by name; https://github.com/huggingface/safetensors#format, 32-bit floats only."""
    with open(path, "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(length))
        data = file.read()
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        values = np.frombuffer(data[begin:end], "<f4").reshape(entry["shape"])
        tensors[name] = torch.from_numpy(values.copy())
    return tensors
