"""Attention between channels, after Zamir et al., "Restormer" (2022): multi-Dconv head transposed attention."""

import torch.nn.functional as F

from fixture import Fixture


def channel_norm(x, p, path):
    """Layer norm of each pixel over its channels."""
    channels_last = x.permute(0, 2, 3, 1)
    normed = F.layer_norm(channels_last, (x.shape[1],), p[f'{path}.gamma'], p[f'{path}.beta'])
    return normed.permute(0, 3, 1, 2)


def channel_attention(p, x, head_channels):
    n, c, h, w = x.shape
    qkv = F.conv2d(channel_norm(x, p, 'norm'), p['qkv'])
    qkv = F.conv2d(qkv, p['depthwise'], padding=1, groups=3 * c)
    q, k, v = (part.reshape(n, -1, head_channels, h * w) for part in qkv.chunk(3, dim=1))
    q, k = F.normalize(q, dim=-1), F.normalize(k, dim=-1)
    attention = (q @ k.transpose(-2, -1) * p['temperature']).softmax(dim=-1)
    return x + F.conv2d((attention @ v).reshape(n, c, h, w), p['out.weight'], p['out.bias'])


def channel_attention_params(values, c, heads):
    return {
        **values.norm('norm', c),
        'qkv': values.filter(3 * c, c, 1),
        'depthwise': values.filter(3 * c, 1, 3),
        'temperature': values.normal(heads, 1, 1, mean=2),
        **values.conv('out', c, c, 1),
    }


def main():
    fixture = Fixture('channelAttention', seed=2)
    c = 6
    for title, d in [('two heads', 3), ('one head', 6)]:
        params = channel_attention_params(fixture, c, c // d)
        fixture.case(
            title,
            {'channels': c, 'headChannels': d},
            params,
            {'x': fixture.normal(2, c, 3, 5)},
            lambda p, inputs: {'y': channel_attention(p, inputs['x'], d)},
        )
    fixture.write()


if __name__ == '__main__':
    main()
