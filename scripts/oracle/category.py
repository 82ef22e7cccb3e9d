"""SeeClear's texture memory CaTeGory: made by (16)-(18), and asked before and after by (19), (20)."""

import torch
import torch.nn.functional as F

from fixture import Fixture
from incam import cross_attention, cross_attention_params, keys_values
from token_layers import attention, attention_params, feed_forward_params, token_norm


def pyramid(p, features, frames, side):
    """The features of all layers and frames of a clip as one set of tokens [b, n, e]."""
    levels = []
    for k, f in enumerate(features):
        block = -(-max(f.shape[2:]) // side)
        pooled = F.avg_pool2d(f, block, ceil_mode=True)
        tokens = (
            F.conv2d(pooled, p[f'features.{k}.weight'], p[f'features.{k}.bias']).flatten(2).transpose(1, 2)
        )
        levels.append(tokens.unflatten(0, (-1, frames)).flatten(1, 2))
    return token_norm(torch.cat(levels, dim=1), p, 'featureNorm')


def construct(p, textures, features, frames, config):
    """The textures after a clip [b, q, e], from those before; each branch normalised before and added after."""
    tokens = pyramid(p, features, frames, config['side'])
    embedded = (p['semantics'] @ textures).expand(tokens.shape[0], -1, -1)
    x = embedded + attention(p, 'cross.', token_norm(embedded, p, 'crossNorm'), tokens, config['heads'])
    normed = token_norm(x, p, 'selfNorm')
    x = x + attention(p, 'self.', normed, normed, config['heads'])
    hidden = F.linear(
        token_norm(x, p, 'feedForwardNorm'), p['feedForward.up.weight'], p['feedForward.up.bias']
    )
    return x + F.linear(F.relu(hidden), p['feedForward.down.weight'], p['feedForward.down.bias'])


def ask(p, textures, clip, frames, config):
    """Keys and values, for each layer, of what the clip's channels find in the memory."""
    similarity = (clip.transpose(1, 2) @ p['semantics']).softmax(dim=-1)
    found = (similarity @ textures).repeat_interleave(frames, dim=0)
    return [
        keys_values(p, f'queries.{k}.', found, config['headChannels']) for k in range(len(config['layers']))
    ]


def refine(p, k, f, asked, config):
    """The features of a layer with that."""
    return f + cross_attention(p, f'queries.{k}.', f, asked, config['headChannels'])


def category(p, inputs, frames, config):
    features, clip = [inputs[f'f{k}'] for k in range(len(config['layers']))], inputs['clip']
    learned = p['textures'][None]
    textures = construct(p, learned, features, frames, config)
    outputs = {'textures': textures}
    for name, memory in [('first', learned), ('later', textures)]:
        asked = ask(p, memory, clip, frames, config)
        for k, f in enumerate(features):
            outputs[f'{name}{k}'] = refine(p, k, f, asked[k], config)
    return outputs


def category_params(values, config):
    q, e = config['tokens'], config['channels']
    params = {'semantics': values.normal(q, q), 'textures': values.normal(q, e)}
    for k, c in enumerate(config['layers']):
        params |= values.conv(f'features.{k}', e, c, 1)
    for path in ('featureNorm', 'crossNorm', 'selfNorm', 'feedForwardNorm'):
        params |= values.norm(path, e)
    for path in ('cross.', 'self.'):
        params |= attention_params(values, path, e, e, e)
    params |= feed_forward_params(values, 'feedForward.', e, config['hidden'])
    for k, c in enumerate(config['layers']):
        params |= cross_attention_params(values, f'queries.{k}.', c, e)
    return params


def main():
    fixture = Fixture('category', seed=12)
    clips, frames, q, d, e, hidden = 2, 2, 3, 5, 4, 6
    layers, sizes = [4, 2], [(2, 2), (4, 6)]
    config = {
        'tokens': q,
        'clipChannels': d,
        'layers': layers,
        'headChannels': 2,
        'channels': e,
        'heads': 2,
        'hidden': hidden,
        'side': 2,
        'initial': 'normal',
    }
    params = category_params(fixture, config)
    inputs = {f'f{k}': fixture.normal(clips * frames, c, *sizes[k]) for k, c in enumerate(layers)}
    inputs['clip'] = fixture.normal(clips, q, d)
    fixture.case(
        'two clips of two frames',
        {**config, 'frames': frames},
        params,
        inputs,
        lambda p, inputs: category(p, inputs, frames, config),
    )
    fixture.write()


if __name__ == '__main__':
    main()
