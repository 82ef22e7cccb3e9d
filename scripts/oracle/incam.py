"""Modulation, embedding of semantics and the gate of SeeClear's InCAM, (10)-(13) and the argument of (15)."""

import torch
import torch.nn.functional as F

from channel_attention import channel_norm
from fixture import Fixture
from token_layers import linear_params, projection


def mirrored(x, margin):
    """With `margin` more pixels on all sides, reflected about the edges, the outermost pixels twice."""
    for axis in (-2, -1):
        size = x.shape[axis]
        near, far = x.narrow(axis, 0, margin), x.narrow(axis, size - margin, margin)
        x = torch.cat([near.flip(axis), x, far.flip(axis)], axis)
    return x


def halved(x):
    """Half the size, as MATLAB's imresize does it: PyTorch's antialiased bicubic kernel has the same a = -0.5."""
    margin = 4
    small = F.interpolate(mirrored(x, margin), scale_factor=0.5, mode='bicubic', antialias=True)
    return small[..., margin // 2 : -margin // 2, margin // 2 : -margin // 2]


def cross_attention_params(fixture, path, channels, other):
    """Of pixels with `channels` that ask tokens with `other`."""
    return {
        **fixture.norm(f'{path}norm', channels),
        **fixture.conv(f'{path}query', channels, channels, 1),
        f'{path}key': projection(fixture, channels, other),
        **linear_params(fixture, f'{path}value', channels, other),
        **fixture.conv(f'{path}out', channels, channels, 1),
    }


def cross_attention(p, path, f, tokens, head_channels):
    """[n, c, h, w] asks [n, k, e]."""

    def heads(x):
        return x.unflatten(-1, (-1, head_channels)).transpose(1, 2)

    query = F.conv2d(channel_norm(f, p, f'{path}norm'), p[f'{path}query.weight'], p[f'{path}query.bias'])
    key = F.linear(tokens, p[f'{path}key'])
    value = F.linear(tokens, p[f'{path}value.weight'], p[f'{path}value.bias'])
    read = F.scaled_dot_product_attention(heads(query.flatten(2).transpose(1, 2)), heads(key), heads(value))
    image = read.transpose(1, 2).flatten(2).transpose(1, 2).unflatten(2, f.shape[2:])
    return F.conv2d(image, p[f'{path}out.weight'], p[f'{path}out.bias'])


def gate(embedded, clip, relevance):
    """The greatest of the logistic scores of a pixel against the clip's tokens."""
    frames = embedded.shape[0] // clip.shape[0]
    d = relevance.shape[0]
    projected = F.conv2d(embedded, relevance)
    scores = torch.einsum('ndhw,nqd->nqhw', projected, clip.repeat_interleave(frames, dim=0))
    return torch.sigmoid(scores / d**0.5).amax(dim=1, keepdim=True)


def incam(p, inputs, config):
    f, features = inputs['f'], inputs['features']
    if features.shape[-1] != f.shape[-1]:
        features = halved(features)
    hidden = F.relu(F.conv2d(features, p['features.weight'], p['features.bias'], padding=1))
    modulation = F.conv2d(hidden, p['modulation.weight'], p['modulation.bias'], padding=1)
    gamma, beta = modulation.chunk(2, dim=1)
    told = (f * gamma + beta) + f
    embedded = told + cross_attention(p, 'cross.', told, inputs['tokens'], config['headChannels'])
    outputs = {'modulated': told, 'embedded': embedded}
    if config['gated']:
        outputs['gate'] = gate(embedded, inputs['clip'], p['relevance'])
    return outputs


def main():
    fixture = Fixture('incam', seed=11)
    c, channels, between, k, e, q, d = 4, 3, 5, 3, 5, 3, 6
    clips, frames, h, w = 2, 2, 2, 4
    n = clips * frames
    for title, gated, factor in [
        ('two clips of two frames, gated', True, 1),
        ('semantics within frames, from features of twice the size', False, 2),
    ]:
        config = {
            'channels': c,
            'headChannels': 2,
            'featureChannels': channels,
            'modulationChannels': between,
            'tokenChannels': e,
            'clipChannels': d,
            'gated': gated,
        }
        params = {
            **fixture.conv('features', between, channels, 3),
            **fixture.conv('modulation', 2 * c, between, 3),
            **cross_attention_params(fixture, 'cross.', c, e),
            **({'relevance': fixture.filter(d, c, 1)} if gated else {}),
        }
        inputs = {
            'f': fixture.normal(n, c, h, w),
            'features': fixture.normal(n, channels, factor * h, factor * w),
            'tokens': fixture.normal(n, k, e),
            **({'clip': fixture.normal(clips, q, d)} if gated else {}),
        }
        fixture.case(title, config, params, inputs, lambda p, inputs: incam(p, inputs, config))
    fixture.write()


if __name__ == '__main__':
    main()
