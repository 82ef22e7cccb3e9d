"""Attention in shifted windows with relative position bias, after Liu et al., "Swin Transformer" (2021).

The image is [n, h, w, c] and a window a row of tokens, as is usual in PyTorch. The shift is torch.roll of the image;
what must not meet is told apart by numbering the regions of the rolled image and comparing the numbers.
"""

from functools import cache

import torch
import torch.nn.functional as F

from fixture import Fixture


def partition(x, size):
    """[n, h, w, ...] -> [n, windows, size * size, ...]"""
    n, h, w = x.shape[:3]
    x = x.reshape(n, h // size, size, w // size, size, *x.shape[3:]).transpose(2, 3)
    return x.reshape(n, (h // size) * (w // size), size * size, *x.shape[5:])


def merge(windows, size, h, w):
    """The inverse of `partition`."""
    n = windows.shape[0]
    x = windows.reshape(n, h // size, w // size, size, size, *windows.shape[3:]).transpose(2, 3)
    return x.reshape(n, h, w, *windows.shape[3:])


def relative_position_index(window, size):
    """[size^2, size^2]: where the bias of a query (row) and a key (column) stands in the table of a window."""
    ticks = torch.arange(size)
    coordinates = torch.stack(torch.meshgrid(ticks, ticks, indexing='ij')).flatten(1)  # [2, size^2]
    offsets = coordinates[:, :, None] - coordinates[:, None, :] + window - 1
    return offsets[0] * (2 * window - 1) + offsets[1]


@cache
def region_mask(h, w, size, shift, device='cpu'):
    """[windows, size^2, size^2]: -100 between pixels of different regions of the rolled image."""
    bands = (slice(0, -size), slice(-size, -shift), slice(-shift, None))
    regions = torch.zeros(1, h, w)
    for i, rows in enumerate(bands):
        for j, columns in enumerate(bands):
            regions[:, rows, columns] = 3 * i + j
    regions = partition(regions, size)[0]
    return torch.where(regions[:, None, :] == regions[:, :, None], 0.0, -100.0).to(device)


def window_attention(p, x, head_channels, window, shifted):
    n, c, h, w = x.shape
    heads = c // head_channels
    size = min(window, h, w)
    shift = window // 2 if shifted and min(h, w) > window else 0

    image = F.layer_norm(x.permute(0, 2, 3, 1), (c,), p['norm.gamma'], p['norm.beta'])
    tokens = partition(torch.roll(image, (-shift, -shift), (1, 2)), size)  # [n, windows, p, c]
    qkv = F.linear(tokens, p['qkv'].flatten(1)).unflatten(-1, (3, heads, head_channels))
    q, k, v = qkv.permute(3, 0, 1, 4, 2, 5)  # [n, windows, heads, p, d] each
    scores = q @ k.transpose(-2, -1) * head_channels**-0.5
    scores = scores + p['position'][:, relative_position_index(window, size)]
    if shift:
        scores = scores + region_mask(h, w, size, shift)[:, None]
    attended = (scores.softmax(-1) @ v).transpose(2, 3).flatten(3)  # [n, windows, p, c]
    image = torch.roll(merge(attended, size, h, w), (shift, shift), (1, 2))
    return x + F.linear(image, p['out.weight'].flatten(1), p['out.bias']).permute(0, 3, 1, 2)


def window_attention_params(values, c, heads, offsets):
    return {
        **values.norm('norm', c),
        'qkv': values.filter(3 * c, c, 1),
        'position': values.normal(heads, offsets),
        **values.conv('out', c, c, 1),
    }


def main():
    fixture = Fixture('windowAttention', seed=1)
    c, d = 6, 3
    cases = [
        ('windows at rest', {'window': 3, 'shifted': False}, (2, c, 3, 6)),
        ('shifted windows of even size', {'window': 2, 'shifted': True}, (2, c, 4, 6)),
        ('shifted windows of odd size', {'window': 3, 'shifted': True}, (1, c, 9, 6)),
        ('a map smaller than a window', {'window': 4, 'shifted': True}, (1, c, 3, 6)),
    ]
    for title, config, shape in cases:
        window, shifted = config['window'], config['shifted']
        params = window_attention_params(fixture, c, c // d, (2 * window - 1) ** 2)
        fixture.case(
            title,
            {'channels': c, 'headChannels': d, 'frames': 1, **config},
            params,
            {'x': fixture.normal(*shape)},
            lambda p, inputs: {'y': window_attention(p, inputs['x'], d, window, shifted)},
        )
    fixture.write()


if __name__ == '__main__':
    main()
