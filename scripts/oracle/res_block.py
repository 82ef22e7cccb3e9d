"""Residual block that is told the timestep, and the embedding of timesteps (Dhariwal and Nichol, 2021)."""

import math

import torch
import torch.nn.functional as F

from fixture import Fixture


def sinusoid(t, channels):
    """[n] -> [n, channels], cosines before sines."""
    places = torch.arange(channels // 2, dtype=torch.float64, device=t.device)
    angles = t[:, None] * torch.exp(-math.log(10000) * places / (channels // 2))
    return torch.cat([angles.cos(), angles.sin()], dim=1)


def linear(x, p, path):
    return F.linear(x, p[f'{path}.weight'].flatten(1), p[f'{path}.bias'])


def time_embedding(p, t):
    """With the SiLU that each residual block begins with. [n, channels]"""
    channels = p['first.bias'].shape[0]
    hidden = F.silu(linear(sinusoid(t, channels).to(p['first.bias'].dtype), p, 'first'))
    return F.silu(linear(hidden, p, 'second'))


def conv(x, p, path, padding):
    return F.conv2d(x, p[f'{path}.weight'], p[f'{path}.bias'], padding=padding)


def group_norm(x, p, path, groups):
    return F.group_norm(x, groups, p[f'{path}.gamma'], p[f'{path}.beta'])


def res_block(p, x, time, groups):
    """[n, c, h, w] and the embedding [n, e]. Our scale has the published 1 + in its bias."""
    scale, shift = (linear(time, p, path)[:, :, None, None] for path in ('scale', 'shift'))
    u = conv(F.silu(group_norm(x, p, 'norm1', groups)), p, 'conv1', 1)
    u = torch.addcmul(shift, group_norm(u, p, 'norm2', groups), scale)
    skip = conv(x, p, 'skip', 0) if 'skip.weight' in p else x
    return skip + conv(F.silu(u), p, 'conv2', 1)


def time_embedding_params(values, e):
    return {**values.conv('first', e, e, 1), **values.conv('second', e, e, 1)}


def res_block_params(values, c, o, e):
    return {
        **values.norm('norm1', c),
        **values.conv('conv1', o, c, 3),
        **values.conv('scale', o, e, 1),
        **values.conv('shift', o, e, 1),
        **values.norm('norm2', o),
        **values.conv('conv2', o, o, 3),
        **(values.conv('skip', o, c, 1) if c != o else {}),
    }


def main():
    fixture = Fixture('resBlock', seed=5)
    e, groups = 6, 2
    for title, c, o in [('as many channels out as in', 4, 4), ('more channels out than in', 4, 6)]:
        params = res_block_params(fixture, c, o, e)
        fixture.case(
            title,
            {'from': c, 'to': o, 'timeChannels': e, 'groups': groups},
            params,
            {'x': fixture.normal(2, c, 4, 5), 'time': fixture.normal(2, e, 1, 1)},
            lambda p, inputs: {'y': res_block(p, inputs['x'], inputs['time'].flatten(1), groups)},
        )
    fixture.write()

    fixture = Fixture('timeEmbedding', seed=6)
    t = [1, 7, 15]
    fixture.case(
        'three timesteps',
        {'channels': e, 't': t},
        time_embedding_params(fixture, e),
        {},
        lambda p, _: {'y': time_embedding(p, torch.tensor(t))[:, :, None, None]},
    )
    fixture.write()


if __name__ == '__main__':
    main()
