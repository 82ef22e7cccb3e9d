"""Attention in windows that go through all frames of a clip, after Shi et al., "Rethinking Alignment in Video
Super-Resolution Transformers" (PSRT, 2022), with a bias for each offset in time and space, and optionally gated.

A clip is [b, m, h, w, c]. Nothing is shifted in time, so the mask of shifted windows is the same for all frames.
"""

from functools import cache

import torch
import torch.nn.functional as F

from fixture import Fixture
from window_attention import region_mask, window_attention_params


@cache
def places(frames, window, clip, size, device):
    """[tokens^2]: where the bias of each query and key stands in a table for `frames` frames and `window` pixels."""
    axes = (torch.arange(clip), torch.arange(size), torch.arange(size))
    coordinates = torch.cartesian_prod(*axes)  # [tokens, 3]
    centre = torch.tensor([frames - 1, window - 1, window - 1])
    dt, dy, dx = (coordinates[:, None] - coordinates[None, :] + centre).flatten(0, 1).unbind(-1)
    across = 2 * window - 1
    return ((dt * across + dy) * across + dx).to(device)


def position_bias(table, frames, window, clip, size):
    """[heads, tokens, tokens] from a table [heads, offsets]."""
    tokens = clip * size * size
    chosen = table.index_select(1, places(frames, window, clip, size, table.device))
    return chosen.unflatten(1, (tokens, tokens))


def clip_windows(x, size):
    """[b, m, h, w, c] -> [b * windows, m * size^2, c]"""
    b, m, h, w, c = x.shape
    cut = x.reshape(b, m, h // size, size, w // size, size, c)
    return cut.permute(0, 2, 4, 1, 3, 5, 6).reshape(-1, m * size * size, c)


def frames_of(windows, m, size, h, w):
    """The inverse of `clip_windows`."""
    cut = windows.reshape(-1, h // size, w // size, m, size, size, windows.shape[-1])
    return cut.permute(0, 3, 1, 4, 2, 5, 6).reshape(-1, m, h, w, windows.shape[-1])


def multi_frame_attention(p, x, gate, config, m):
    n, c, h, w = x.shape
    d, window = config['headChannels'], config['window']
    size = min(window, h, w)
    shift = window // 2 if config['shifted'] and min(h, w) > window else 0

    clip = x.unflatten(0, (n // m, m)).movedim(2, -1)  # [b, m, h, w, c]
    normed = F.layer_norm(clip, (c,), p['norm.gamma'], p['norm.beta'])
    if gate is not None:
        normed = normed + normed * gate.unflatten(0, (n // m, m)).movedim(2, -1)
    if shift:
        normed = torch.roll(normed, (-shift, -shift), (2, 3))
    tokens = clip_windows(normed, size)
    qkv = F.linear(tokens, p['qkv'].flatten(1))
    q, k, v = (part.unflatten(-1, (c // d, d)).transpose(1, 2) for part in qkv.chunk(3, dim=-1))
    bias = position_bias(p['position'], config['frames'], window, m, size)
    if shift:
        mask = region_mask(h, w, size, shift, x.device).repeat(1, m, m)
        bias = (bias + mask[:, None].to(bias.dtype)).repeat(n // m, 1, 1, 1)
    bias = bias.expand(q.shape[0], -1, -1, -1)  # [b * windows, heads, tokens, tokens]
    attended = F.scaled_dot_product_attention(q, k, v, attn_mask=bias)
    y = F.linear(attended.transpose(1, 2).flatten(2), p['out.weight'].flatten(1), p['out.bias'])
    y = frames_of(y, m, size, h, w)
    if shift:
        y = torch.roll(y, (shift, shift), (2, 3))
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
        params = window_attention_params(fixture, c, c // d, offsets)
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
