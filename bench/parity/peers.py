"""Runs attacks of other libraries, through their public interfaces, on nets and images that Retort exported.

usage: peers.py NETS FOLDER

NETS is a JSON file: {name: {"layers", "input_shape", "weights", "images", "logits", "labels"}}, where the weights are a
safetensors file and the images and logits are raw little-endian float32, one after the other. "ready" is printed once they
are loaded. Each line of the standard input is a run, {"id", "net", "library", "attack", "parameters", "radius", "examples", "processor_time"},
on the first of the net's examples, and is answered by a line: {"predicted", "gradients", "forwards", "seconds"}, with the
attacked images in FOLDER/<id>.f32; or {"error"}. PyTorch has as many threads as OMP_NUM_THREADS says.
"""

import contextlib
import importlib
import importlib.util
import json
import os
import sys
import time
import types

import numpy as np
import torch
from torch_net import Net, read_safetensors

# adv_lib imports these for plots and for attacks that are not compared here.
for package, module in (("visdom", None), ("torchvision", "models")):
    if importlib.util.find_spec(package) is None:
        sys.modules[package] = types.ModuleType(package)
        if module is not None:
            setattr(sys.modules[package], module, types.ModuleType(module))


def load(exported):
    """The net, its images [n, channels, height, width] and labels; refuses a net that is not the exported one."""
    height, width, channels = exported["input_shape"]
    net = Net(exported["layers"], read_safetensors(exported["weights"]), exported["input_shape"]).eval()
    net.requires_grad_(False)
    images = np.fromfile(exported["images"], "<f4").reshape(-1, height, width, channels)
    images = torch.from_numpy(images.transpose(0, 3, 1, 2).copy())
    labels = torch.tensor(exported["labels"])
    logits = torch.from_numpy(np.fromfile(exported["logits"], "<f4").reshape(len(labels), -1))
    with torch.no_grad():
        error = (net(images) - logits).abs().max() / logits.abs().max()
    if not error <= 1e-4:
        raise SystemExit(f"the logits differ from the exported ones by {error:.1e} of the largest, not by 1e-4 at most")
    return net, images, labels


def numbers(parameters):
    return {name: float(value) if value == "inf" else value for name, value in parameters.items()}


def foolbox(net, images, labels, run):
    import foolbox

    attack = getattr(foolbox.attacks, run["attack"])(**numbers(run["parameters"]))
    model = foolbox.PyTorchModel(net, bounds=(0, 1), device="cpu")
    _, clipped, _ = attack(model, images, foolbox.criteria.Misclassification(labels), epsilons=run["radius"])
    return clipped


def torchattacks(net, images, labels, run):
    import torchattacks

    return getattr(torchattacks, run["attack"])(net, **numbers(run["parameters"]))(images, labels)


def adv_lib(net, images, labels, run):
    attack = getattr(importlib.import_module("adv_lib.attacks"), run["attack"])
    adversarial = attack(net, images, labels, **numbers(run["parameters"]))
    return adversarial[0] if isinstance(adversarial, tuple) else adversarial


def autoattack(net, images, labels, run):
    modules = {
        "APGDAttack": "autoattack.autopgd_base",
        "APGDAttack_targeted": "autoattack.autopgd_base",
        "FABAttack_PT": "autoattack.fab_pt",
        "SquareAttack": "autoattack.square",
        "AutoAttack": "autoattack",
    }
    attack = getattr(importlib.import_module(modules[run["attack"]]), run["attack"])(
        net, device="cpu", verbose=False, **numbers(run["parameters"])
    )
    if run["attack"] == "AutoAttack":
        return attack.run_standard_evaluation(images, labels, bs=len(images))
    return attack.perturb(images, labels)


LIBRARIES = {"foolbox": foolbox, "torchattacks": torchattacks, "adv_lib": adv_lib, "autoattack": autoattack}
MODULES = {"foolbox": "foolbox", "torchattacks": "torchattacks", "adv_lib": "adv_lib.attacks", "autoattack": "autoattack"}


def measure(net, images, labels, run, folder):
    importlib.import_module(MODULES[run["library"]])  # before the clock starts
    torch.manual_seed(0)
    np.random.seed(0)
    net.forwards = net.gradients = 0
    clock = time.process_time if run["processor_time"] else time.perf_counter
    started = clock()
    # What a library prints is no part of the answer.
    with contextlib.redirect_stdout(sys.stderr):
        adversarial = LIBRARIES[run["library"]](net, images, labels, run).detach()
    cost = {"gradients": net.gradients / len(images), "forwards": net.forwards / len(images)}
    seconds = clock() - started
    adversarial = adversarial.to(torch.float32)
    with torch.no_grad():
        predicted = net(adversarial).argmax(1).tolist()
    # Which images fool the net is part of the answer, as it is of Retort's; Foolbox has asked that within its attack.
    if run["library"] != "foolbox":
        seconds = clock() - started
    path = os.path.join(folder, f"{run['id']}.f32")
    adversarial.permute(0, 2, 3, 1).contiguous().numpy().astype("<f4").tofile(path)
    return {"predicted": predicted, "seconds": seconds, **cost}


def main():
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    torch.backends.nnpack.set_flags(False)  # else a warning a pass, where the processor has it not
    with open(sys.argv[1], encoding="utf-8") as file:
        nets = {name: load(exported) for name, exported in json.load(file).items()}
    print('"ready"', flush=True)
    for line in sys.stdin:
        run = json.loads(line)
        net, images, labels = nets[run["net"]]
        try:
            answer = measure(net, images[: run["examples"]], labels[: run["examples"]], run, sys.argv[2])
        except Exception as error:  # one library that fails leaves the others to be measured; the table says so
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


main()
