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
        places = torch.arange(-margin, size + margin, device=x.device) % (2 * size)
        x = x.index_select(axis, torch.minimum(places, 2 * size - 1 - places))
    return x


def shrunk(x, factor):
    """1/factor of the size, as MATLAB's imresize does it: PyTorch's antialiased bicubic kernel has its a = -0.5."""
    if factor == 1:
        return x
    margin = 2  # of pixels after; twice as many times `factor` is what the kernel reaches before
    small = F.interpolate(
        mirrored(x, margin * factor), scale_factor=1 / factor, mode='bicubic', antialias=True
    )
    return small[..., margin:-margin, margin:-margin]


def cross_attention_params(fixture, path, channels, other):
    """Of pixels with `channels` that ask tokens with `other`."""
    return {
        **fixture.norm(f'{path}norm', channels),
        **fixture.conv(f'{path}query', channels, channels, 1),
        f'{path}key': projection(fixture, channels, other),
        **linear_params(fixture, f'{path}value', channels, other),
        **fixture.conv(f'{path}out', channels, channels, 1),
    }


def heads(x, head_channels):
    """[n, k, c] -> [n, heads, k, d]"""
    return x.unflatten(-1, (-1, head_channels)).transpose(1, 2)


def keys_values(p, path, tokens, head_channels):
    """What pixels ask, of tokens [n, k, e]."""
    key = F.linear(tokens, p[f'{path}key'])
    value = F.linear(tokens, p[f'{path}value.weight'], p[f'{path}value.bias'])
    return heads(key, head_channels), heads(value, head_channels)


def cross_attention(p, path, f, asked, head_channels):
    """[n, c, h, w] asks keys and values."""
    query = F.conv2d(channel_norm(f, p, f'{path}norm'), p[f'{path}query.weight'], p[f'{path}query.bias'])
    read = F.scaled_dot_product_attention(heads(query.flatten(2).transpose(1, 2), head_channels), *asked)
    image = read.transpose(1, 2).flatten(2).transpose(1, 2).unflatten(2, f.shape[2:])
    return F.conv2d(image, p[f'{path}out.weight'], p[f'{path}out.bias'])


def gate(embedded, clip, relevance):
    """The greatest of the logistic scores of a pixel against the clip's tokens."""
    frames = embedded.shape[0] // clip.shape[0]
    d = relevance.shape[0]
    projected = F.conv2d(embedded, relevance)
    scores = torch.einsum('ndhw,nqd->nqhw', projected, clip.repeat_interleave(frames, dim=0))
    return torch.sigmoid(scores / d**0.5).amax(dim=1, keepdim=True)


def clip_context(p, features, tokens, head_channels):
    """What a layer takes from the semantics, with the features at its own size: gamma and beta, keys and values."""
    hidden = F.relu(F.conv2d(features, p['features.weight'], p['features.bias'], padding=1))
    modulation = F.conv2d(hidden, p['modulation.weight'], p['modulation.bias'], padding=1)
    return modulation.chunk(2, dim=1), keys_values(p, 'cross.', tokens, head_channels)


def incam(p, f, context, clip, head_channels):
    (gamma, beta), asked = context
    told = (f * gamma + beta) + f
    embedded = told + cross_attention(p, 'cross.', told, asked, head_channels)
    outputs = {'modulated': told, 'embedded': embedded}
    if 'relevance' in p:
        outputs['gate'] = gate(embedded, clip, p['relevance'])
    return outputs


def incam_params(values, c, channels, between, e, d, gated):
    """Of a layer with c channels, for features with `channels` and tokens with e, of the clip with d."""
    return {
        **values.conv('features', between, channels, 3),
        **values.conv('modulation', 2 * c, between, 3),
        **cross_attention_params(values, 'cross.', c, e),
        **({'relevance': values.filter(d, c, 1)} if gated else {}),
    }


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
        params = incam_params(fixture, c, channels, between, e, d, gated)
        inputs = {
            'f': fixture.normal(n, c, h, w),
            'features': fixture.normal(n, channels, factor * h, factor * w),
            'tokens': fixture.normal(n, k, e),
            **({'clip': fixture.normal(clips, q, d)} if gated else {}),
        }

        def forward(p, inputs):
            d = config['headChannels']
            context = clip_context(p, shrunk(inputs['features'], factor), inputs['tokens'], d)
            return incam(p, inputs['f'], context, inputs.get('clip'), d)

        fixture.case(title, config, params, inputs, forward)
    fixture.write()


if __name__ == '__main__':
    main()
