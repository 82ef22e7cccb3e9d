"""The orthonormal Haar transform as strided convolutions, and the changes of resolution of WaveDiff (2023)."""

from functools import cache

import torch
import torch.nn.functional as F

from fixture import Fixture


@cache
def filters(dtype, device):
    """LL, LH, HL, HH: across a row LH takes the difference, down a column HL does, HH does both. [4, 1, 2, 2]"""
    low, high = torch.tensor([[1.0, 1.0], [1.0, -1.0]], dtype=torch.float64) / 2**0.5
    bands = [torch.outer(down, across) for down in (low, high) for across in (low, high)]
    return torch.stack(bands)[:, None].to(device, dtype)


def haar(x):
    """[n, c, 2h, 2w] -> [n, 4c, h, w], all channels of a band together."""
    n, c, h, w = x.shape
    bands = F.conv2d(x.reshape(n * c, 1, h, w), filters(x.dtype, x.device), stride=2)
    return bands.reshape(n, c, 4, h // 2, w // 2).transpose(1, 2).flatten(1, 2)


def haar_inverse(y):
    n, c, h, w = y.shape
    bands = y.reshape(n, 4, c // 4, h, w).transpose(1, 2).reshape(n * c // 4, 4, h, w)
    image = F.conv_transpose2d(bands, filters(y.dtype, y.device), stride=2)
    return image.reshape(n, c // 4, 2 * h, 2 * w)


def split(x):
    """The low band as the mean of four pixels, and the three high bands."""
    bands = haar(x)
    c = x.shape[1]
    return {'low': F.avg_pool2d(x, 2), 'high': bands[:, c:]}


def downsample(p, x):
    return F.conv2d(haar(x) / 2, p['weight'], p['bias'], padding=1)


def upsample(p, low, high):
    """One convolution for each high band; the low band is a mean and counts twice."""
    weights, biases = p['weight'].chunk(3), p['bias'].chunk(3)
    bands = [F.conv2d(b, w, bias, padding=1) for b, w, bias in zip(high.chunk(3, dim=1), weights, biases)]
    return haar_inverse(torch.cat([2 * low, *bands], dim=1))


def main():
    fixture = Fixture('wavelet', seed=4)
    fixture.case(
        'two levels of the transform',
        {},
        {},
        {'x': fixture.normal(2, 3, 8, 4)},
        lambda _, inputs: {'y': haar(haar(inputs['x']))},
    )
    fixture.case(
        'two levels of the inverse',
        {},
        {},
        {'y': fixture.normal(2, 32, 2, 1)},
        lambda _, inputs: {'x': haar_inverse(haar_inverse(inputs['y']))},
    )
    fixture.case('split', {}, {}, {'x': fixture.normal(2, 3, 4, 6)}, lambda _, inputs: split(inputs['x']))
    fixture.case(
        'downsample',
        {'from': 2, 'to': 5},
        {'weight': fixture.filter(5, 8, 3), 'bias': fixture.normal(5)},
        {'x': fixture.normal(2, 2, 6, 8)},
        lambda p, inputs: {'y': downsample(p, inputs['x'])},
    )
    fixture.case(
        'upsample',
        {'from': 2, 'to': 4},
        {'weight': fixture.filter(12, 2, 3), 'bias': fixture.normal(12)},
        {'low': fixture.normal(2, 4, 3, 4), 'high': fixture.normal(2, 6, 3, 4)},
        lambda p, inputs: {'y': upsample(p, inputs['low'], inputs['high'])},
    )
    fixture.write()


if __name__ == '__main__':
    main()
