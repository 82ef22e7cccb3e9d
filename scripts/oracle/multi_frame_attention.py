"""Attention in windows that go through all frames of a clip, after Shi et al., "Rethinking Alignment in Video
Super-Resolution Transformers" (PSRT, 2022), with a bias for each offset in time and space, and optionally gated.

A clip is [b, m, h, w, c]. Nothing is shifted in time, so the mask of shifted windows is the same for all frames.
"""

import torch
import torch.nn.functional as F

from fixture import Fixture
from window_attention import merge, partition, region_mask


def position_bias(table, frames, window, clip, size):
    """[heads, tokens, tokens] from a table [heads, offsets] for `frames` frames and windows of `window` pixels."""
    extent = (2 * frames - 1, 2 * window - 1, 2 * window - 1)
    axes = (torch.arange(clip), torch.arange(size), torch.arange(size))
    coordinates = torch.cartesian_prod(*axes)  # [tokens, 3]
    centre = torch.tensor([frames - 1, window - 1, window - 1])
    dt, dy, dx = (coordinates[:, None] - coordinates[None, :] + centre).unbind(-1)
    return table.unflatten(1, extent)[:, dt, dy, dx]


def clip_windows(x, size):
    """[b, m, h, w, c] -> [b, windows, m * size^2, c]"""
    return torch.stack([partition(frame, size) for frame in x.unbind(1)], dim=2).flatten(2, 3)


def frames_of(windows, m, size, h, w):
    """The inverse of `clip_windows`."""
    parts = windows.unflatten(2, (m, size * size)).unbind(2)
    return torch.stack([merge(part, size, h, w) for part in parts], dim=1)


def multi_frame_attention(p, x, gate, config, m):
    n, c, h, w = x.shape
    d, window = config['headChannels'], config['window']
    size = min(window, h, w)
    shift = window // 2 if config['shifted'] and min(h, w) > window else 0

    clip = x.unflatten(0, (n // m, m)).movedim(2, -1)  # [b, m, h, w, c]
    normed = F.layer_norm(clip, (c,), p['norm.gamma'], p['norm.beta'])
    if gate is not None:
        normed = normed + normed * gate.unflatten(0, (n // m, m)).movedim(2, -1)
    tokens = clip_windows(torch.roll(normed, (-shift, -shift), (2, 3)), size)
    qkv = F.linear(tokens, p['qkv'].flatten(1))
    q, k, v = (part.unflatten(-1, (c // d, d)).transpose(2, 3) for part in qkv.chunk(3, dim=-1))
    bias = position_bias(p['position'], config['frames'], window, m, size)
    if shift:
        bias = bias + region_mask(h, w, size, shift).repeat(1, m, m)[:, None]
    attended = F.scaled_dot_product_attention(q, k, v, attn_mask=bias.expand(n // m, q.shape[1], -1, -1, -1))
    clip = frames_of(attended.transpose(2, 3).flatten(3), m, size, h, w)
    clip = torch.roll(clip, (shift, shift), (2, 3))
    y = F.linear(clip, p['out.weight'].flatten(1), p['out.bias'])
    return x + y.movedim(-1, 2).flatten(0, 1)


def main():
    fixture = Fixture('multiFrameAttention', seed=7)
    c, d = 4, 2
    cases = [
        ('two clips of three frames', {'window': 2, 'shifted': False, 'frames': 3}, 3, (6, c, 2, 4), False),
        ('shifted windows of even size', {'window': 2, 'shifted': True, 'frames': 2}, 2, (2, c, 4, 6), False),
        ('shifted windows of odd size', {'window': 3, 'shifted': True, 'frames': 2}, 2, (2, c, 6, 6), False),
        (
            'a clip shorter than the longest',
            {'window': 2, 'shifted': True, 'frames': 3},
            2,
            (2, c, 4, 4),
            False,
        ),
        ('a map smaller than a window', {'window': 3, 'shifted': True, 'frames': 2}, 2, (2, c, 2, 4), False),
        ('gated pixels', {'window': 2, 'shifted': False, 'frames': 2}, 2, (2, c, 2, 4), True),
    ]
    for title, config, m, shape, gated in cases:
        config = {'channels': c, 'headChannels': d, **config}
        offsets = (2 * config['frames'] - 1) * (2 * config['window'] - 1) ** 2
        params = {
            **fixture.norm('norm', c),
            'qkv': fixture.filter(3 * c, c, 1),
            'position': fixture.normal(c // d, offsets),
            **fixture.conv('out', c, c, 1),
        }
        inputs = {'x': fixture.normal(*shape)}
        if gated:
            inputs['gate'] = fixture.normal(shape[0], 1, *shape[2:])
        fixture.case(
            title,
            {**config, 'clip': m},
            params,
            inputs,
            lambda p, inputs: {'y': multi_frame_attention(p, inputs['x'], inputs.get('gate'), config, m)},
        )
    fixture.write()


if __name__ == '__main__':
    main()
