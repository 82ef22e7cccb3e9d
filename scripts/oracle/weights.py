"""Arrays of a safetensors file, and presets, which Node is asked for so that they stand in one place."""

import json
import struct
import subprocess
from pathlib import Path

import numpy as np
import torch

ROOT = Path(__file__).resolve().parents[2]
DTYPES = {'F16': '<f2', 'F32': '<f4', 'F64': '<f8'}


def read_safetensors(path):
    """The metadata, and the tensors by name."""
    data = Path(path).read_bytes()
    (length,) = struct.unpack_from('<Q', data)
    header = json.loads(data[8 : 8 + length])
    metadata = header.pop('__metadata__', {})
    tensors = {}
    for name, entry in header.items():
        start, end = (8 + length + at for at in entry['data_offsets'])
        values = np.frombuffer(data[start:end], DTYPES[entry['dtype']]).reshape(entry['shape'])
        tensors[name] = torch.from_numpy(values.copy())
    return metadata, tensors


def read_weights(path, dtype):
    """Configuration and parameters of the condenser in a file of weights, as weights/small.safetensors is."""
    metadata, tensors = read_safetensors(path)
    prefix = 'condenser.'
    params = {name[len(prefix) :]: x.to(dtype) for name, x in tensors.items() if name.startswith(prefix)}
    return json.loads(metadata['model'])['network'], params


def preset(name):
    """A configuration of src/model/presets."""
    code = "import { presets } from './src/model/index.js'; console.log(JSON.stringify(presets))"
    command = ['node', '--import=tsx', '--input-type=module', '--eval', code]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
    return json.loads(made.stdout)[name]
