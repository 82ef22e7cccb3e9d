"""The whole network: forward, loss, the gradient of every parameter, a few steps of training, and a sampled clip.

Weights, inputs and noise are drawn by their addresses (`philox.py`), here and in test/oracle/network.test.ts, so the
file holds results only. Of a large tensor it holds its norm and its products with a few Gaussian tensors r: the mean
of <difference, r>^2 is that of the squared distance. Arrays of a case:

    loss, x0, features/<k>, textures     of the first step; textures are those that the clips ask
    gradients                            for each parameter, in the order of their paths
    gradient/<path>                      a few of them in full
    losses, norms                        of each step, before it
    sampled/x0, sampled/textures         a clip through all steps of the process, and the memory after it
"""

import torch

from fixture import Fixture, Values
from network import PixelCondenser, network_params
from philox import normal
from process import Process, charbonnier, sample_clip, training_state
from weights import preset

SEED = 31
PRODUCTS = 3
RATE, CLIP_NORM = 1e-3, 1.0
# Streams of the seed: parameters have those from 0 on, in the order of their paths.
STREAMS = {'lr': 1000, 'upscaled': 1001, 'hr': 1002, 'noise': 1003, 'tokens': 1004, 'features': 1005}
PREVIOUS = 100  # what streams of the clips before are further
SKETCH = 2000

# Every width is different from its neighbours', where the network lets it be.
SMALL = {
    'channels': [4, 8, 6, 10],
    'timeChannels': 6,
    'groups': 2,
    'headChannels': 2,
    'window': 2,
    'feedForwardRatio': 1.5,
    'gatedRatio': 1.25,
    'frames': 3,
    'components': {
        'dwt': True,
        'attention': True,
        'semantic': True,
        'mfsa': True,
        'incam': True,
        'category': True,
    },
    'semantics': {
        'tokenChannels': 5,
        'featureChannels': 3,
        'modulationChannels': 4,
        'channels': 6,
        'heads': 3,
        'hidden': 7,
        'encoderLayers': 2,
        'decoderLayers': 2,
        'tokens': 4,
    },
    'memory': {'channels': 8, 'heads': 2, 'hidden': 9, 'side': 4, 'initial': 'normal'},
}
WITHOUT = {'dwt': False, 'semantic': False, 'incam': False, 'category': False}


def draw_params(config):
    """Weights N(0, 1 / fan-in), scales N(1, 0.3^2), biases and shifts N(0, 0.3^2)."""
    shapes = {path: x.shape for path, x in network_params(Values(0), config).items()}
    params = {}
    for rank, path in enumerate(sorted(shapes)):
        shape = shapes[path]
        mean = 1 if path.endswith(('.gamma', '.scale.bias')) else 0
        deviation = 0.3 if len(shape) == 1 else shape[1:].numel() ** -0.5
        params[path] = mean + deviation * normal(shape, SEED, rank)
    return params


def draw_inputs(case, config, previous=False):
    """Clips, images of deviation 0.5."""
    n, h, w = case['clips'] * case['frames'], case['height'], case['width']
    told = config['semantics']
    shapes = {
        'lr': (n, 3, h, w),
        'upscaled': (n, 3, 4 * h, 4 * w),
        'hr': (n, 3, 4 * h, 4 * w),
        'noise': (n, 3, 4 * h, 4 * w),
        'tokens': (n, case['tokens'], told['tokenChannels']),
        'features': (n, told['featureChannels'], h, w),
    }
    scales = {'lr': 0.5, 'upscaled': 0.5, 'hr': 0.5}
    offset = PREVIOUS if previous else 0
    return {
        name: scales.get(name, 1) * normal(shape, SEED, STREAMS[name] + offset)
        for name, shape in shapes.items()
    }


def run(network, inputs, t, frames, process, textures):
    """x_0 and features of clips at steps t of each frame."""
    state = training_state(inputs['hr'], inputs['upscaled'], t, inputs['noise'], process)
    context = context_of(network, inputs, frames, textures)
    return network(state, inputs['lr'], inputs['upscaled'], torch.tensor(t), frames, context)


def context_of(network, inputs, frames, textures):
    if not network.config['components']['semantic']:
        return None
    return network.context(inputs['tokens'], inputs['features'], frames, textures)


def forward(network, case, process, own, previous):
    """The loss as in the last stage of training: second clips of videos ask what the first ones leave."""
    frames, textures = case['frames'], network.learned()
    if textures is not None:
        with torch.no_grad():
            last = [1] * len(previous['lr'])
            _, features = run(network, previous, last, frames, process, textures)
        textures = network.remember(textures, features, frames)
    t = [step for step in case['t'] for _ in range(frames)]
    x0, features = run(network, own, t, frames, process, textures)
    outputs = {'x0': x0, **{f'features/{k}': f for k, f in enumerate(features)}}
    if textures is not None:
        outputs['textures'] = textures
    return charbonnier(own['hr'], x0), outputs


def sketch(x):
    """The norm, and the products with Gaussian tensors."""
    products = [(x * normal(x.shape, SEED, SKETCH + k)).sum() for k in range(PRODUCTS)]
    return torch.stack([torch.linalg.vector_norm(x), *products])


def sample(network, inputs, frames, process):
    """The first clip, with the noise of a video's first frames, and the textures that it leaves."""
    first = {name: x[:frames] for name, x in inputs.items()}
    learned = network.learned()
    context = context_of(network, first, frames, learned)
    shape = (1, *first['upscaled'].shape[1:])
    kept = {}

    def denoise(state, t):
        steps = torch.full((frames,), t)
        x0, kept['features'] = network(state, first['lr'], first['upscaled'], steps, frames, context)
        return x0

    def noise(t):
        return torch.cat([normal(shape, SEED, frame * 2**12 + t) for frame in range(frames)])

    x0 = sample_clip(denoise, first['upscaled'], noise, process)
    return x0, network.remember(learned, kept['features'], frames)


def add_case(fixture, title, config, case, full):
    process = Process()
    network = PixelCondenser(config, draw_params(config))
    parameters = dict(sorted(network.named_parameters()))
    own, previous = (draw_inputs(case, config, before) for before in (False, True))
    arrays = {}
    if case['sampled']:
        with torch.no_grad():
            x0, textures = sample(network, own, case['frames'], process)
        arrays |= {'sampled/x0': sketch(x0), 'sampled/textures': textures}

    optimizer = torch.optim.Adam(network.parameters(), lr=RATE, betas=(0.5, 0.999), eps=1e-8)
    losses, norms = [], []
    for step in range(case['steps']):
        optimizer.zero_grad()
        loss, outputs = forward(network, case, process, own, previous)
        loss.backward()
        gradients = {path: p.grad for path, p in parameters.items()}
        norm = torch.linalg.vector_norm(torch.cat([g.flatten() for g in gradients.values()]))
        if step == 0:
            arrays |= {name: x if name == 'textures' else sketch(x) for name, x in outputs.items()}
            arrays['gradients'] = torch.stack([sketch(g) for g in gradients.values()])
            arrays |= {f'gradient/{path}': gradients[path].clone() for path in full}
        losses.append(loss.detach())
        norms.append(norm)
        for g in gradients.values():  # clip_grad_norm_ would add 1e-6 to the norm
            g *= min(1, CLIP_NORM / norm)
        optimizer.step()
    arrays |= {'losses': torch.stack(losses), 'norms': torch.stack(norms)}
    fixture.add(title, {'network': config, **case}, arrays)


def clips_of(clips, frames, height, width):
    return {'clips': clips, 'frames': frames, 'height': height, 'width': width}


def main():
    fixture = Fixture('network', seed=SEED)
    everywhere = ['convIn.bias', 'encoder.1.spatial.position', 'middle.1.spatial.position']
    semantic = ['instance.queries', 'decoder.2.incam.relevance', 'category.textures', 'category.self.key']
    add_case(
        fixture,
        'all components, two clips of two frames',
        SMALL,
        {**clips_of(2, 2, 8, 8), 'tokens': 3, 't': [4, 11], 'steps': 2, 'sampled': True},
        everywhere + semantic,
    )
    add_case(
        fixture,
        'pixels in the place of wavelets and no semantics, a clip of three frames',
        {**SMALL, 'components': {**SMALL['components'], **WITHOUT}},
        {**clips_of(1, 3, 8, 16), 'tokens': 3, 't': [15], 'steps': 1, 'sampled': False},
        everywhere,
    )
    add_case(
        fixture,
        'the preset tiny, a clip of five frames',
        preset('tiny'),
        {**clips_of(1, 5, 8, 8), 'tokens': 8, 't': [8], 'steps': 1, 'sampled': False},
        everywhere + semantic,
    )
    fixture.write()


if __name__ == '__main__':
    main()
