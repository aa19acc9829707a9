"""Makes session_config.json: settings of TensorFlow as its own Python package encodes them.

    pip install tensorflow-cpu==2.21.0
    python make_session_config.py > session_config.json

Protobuf leaves out a field that has its default value, which ours may write; so no row has such a field.
"""
import json

from tensorflow.core.protobuf import config_pb2


def encode(threads, inter_op, growth, device):
    config = config_pb2.ConfigProto(
        intra_op_parallelism_threads=threads,
        inter_op_parallelism_threads=inter_op,
        allow_soft_placement=True,
        gpu_options=config_pb2.GPUOptions(allow_growth=growth),
    )
    if device == "cpu":
        config.device_count["GPU"] = 0
    if device.startswith("gpu:"):
        config.gpu_options.visible_device_list = device[4:]
    return {
        "options": {
            "threads": threads,
            "interOpThreads": inter_op,
            "memoryGrowth": growth,
            "device": device,
        },
        "hex": config.SerializeToString(deterministic=True).hex(),
    }


rows = [
    encode(2, 1, True, "auto"),
    encode(200, 16, True, "gpu"),
    encode(8, 130, True, "gpu:3"),
    encode(1, 1, True, "cpu"),
]
print(json.dumps(rows, indent=2))
