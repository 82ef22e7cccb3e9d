"""What the oracles share: seeded values, derivatives by autograd, and the files that the tests read.

A file holds cases, in float64, in the safetensors format. The metadata maps a case's title to its configuration;
its arrays are named

    <title>/params/<path in our parameter tree>      <title>/inputs/<name>
    <title>/outputs/<name>                           <title>/cotangents/<name>
    <title>/gradients/params/<path>                  <title>/gradients/inputs/<name>

The gradients are those of the sum over the outputs of <cotangent, output>.
"""

import json
import struct
from pathlib import Path

import numpy as np
import torch

FOLDER = Path(__file__).resolve().parents[2] / 'test' / 'fixtures' / 'oracle'


class Values:
    """Seeded values, in float64."""

    def __init__(self, seed):
        self.random = np.random.RandomState(seed)  # numpy promises never to change this stream

    def normal(self, *shape, mean=0.0, deviation=1.0):
        """Gaussian values."""
        return torch.tensor(mean + deviation * self.random.standard_normal(shape))

    def norm(self, path, channels):
        """Scale and shift of a normalisation."""
        return {
            f'{path}.gamma': self.normal(channels, mean=1, deviation=0.3),
            f'{path}.beta': self.normal(channels, deviation=0.3),
        }

    def filter(self, to, channels, size):
        """Weights of a convolution, `channels` in for each group."""
        return self.normal(to, channels, size, size, deviation=(channels * size * size) ** -0.5)

    def conv(self, path, to, channels, size):
        """A convolution with a bias."""
        return {
            f'{path}.weight': self.filter(to, channels, size),
            f'{path}.bias': self.normal(to, deviation=0.3),
        }


def under(path, params):
    """The parameters of a part, by their paths in the whole."""
    return {f'{path}.{name}': values for name, values in params.items()}


class Fixture(Values):
    """A file of cases, with the seeded values that go into them."""

    def __init__(self, name, seed):
        super().__init__(seed)
        torch.set_default_dtype(torch.float64)
        torch.set_num_threads(1)  # sums in one order, so that a second run writes the same bytes
        self.path = FOLDER / f'{name}.safetensors'
        self.configs = {}
        self.arrays = {}

    def case(self, title, config, params, inputs, forward):
        """Adds what forward(params, inputs) gives, a dict of outputs, and its derivatives under random cotangents."""
        leaves = {f'params/{path}': x for path, x in params.items()}
        leaves |= {f'inputs/{name}': x for name, x in inputs.items()}
        variables = {name: x.clone().requires_grad_() for name, x in leaves.items()}
        outputs = forward(
            {path: variables[f'params/{path}'] for path in params},
            {name: variables[f'inputs/{name}'] for name in inputs},
        )
        cotangents = {name: self.normal(*y.shape) for name, y in outputs.items()}
        loss = sum((cotangents[name] * y).sum() for name, y in outputs.items())
        gradients = torch.autograd.grad(loss, list(variables.values()))
        named = dict(leaves)
        named |= {f'outputs/{name}': y for name, y in outputs.items()}
        named |= {f'cotangents/{name}': g for name, g in cotangents.items()}
        named |= {f'gradients/{name}': g for name, g in zip(variables, gradients)}
        self.add(title, config, named)

    def add(self, title, config, named):
        """Adds a case that consists of these arrays."""
        self.configs[title] = json.dumps(config)
        self.arrays |= {f'{title}/{name}': x.detach().numpy() for name, x in named.items()}

    def write(self):
        header = {'__metadata__': self.configs}
        data = b''
        for name, x in self.arrays.items():
            values = np.ascontiguousarray(x, dtype='<f8').tobytes()
            offsets = [len(data), len(data) + len(values)]
            header[name] = {'dtype': 'F64', 'shape': list(x.shape), 'data_offsets': offsets}
            data += values
        text = json.dumps(header).encode()
        text += b' ' * (-len(text) % 8)
        FOLDER.mkdir(parents=True, exist_ok=True)
        self.path.write_bytes(struct.pack('<Q', len(text)) + text + data)
        print(f'{self.path.name}: {len(self.configs)} cases, {self.path.stat().st_size} bytes')
