"""Residual block that is told the timestep, and the embedding of timesteps (Dhariwal and Nichol, 2021)."""

import math

import torch
import torch.nn.functional as F

from fixture import Fixture


def sinusoid(t, channels):
    """[n] -> [n, channels], cosines before sines."""
    frequencies = torch.exp(-math.log(10000) * torch.arange(channels // 2) / (channels // 2))
    angles = t[:, None] * frequencies
    return torch.cat([angles.cos(), angles.sin()], dim=1)


def linear(x, p, path):
    return F.linear(x, p[f'{path}.weight'].flatten(1), p[f'{path}.bias'])


def time_embedding(p, t, channels):
    """With the SiLU that each residual block begins with. [n, channels, 1, 1]"""
    hidden = F.silu(linear(sinusoid(t, channels), p, 'first'))
    return F.silu(linear(hidden, p, 'second'))[:, :, None, None]


def conv(x, p, path, padding):
    return F.conv2d(x, p[f'{path}.weight'], p[f'{path}.bias'], padding=padding)


def group_norm(x, p, path, groups):
    return F.group_norm(x, groups, p[f'{path}.gamma'], p[f'{path}.beta'])


def res_block(p, x, time, groups):
    """As published: one linear map gives scale and shift, and the scale counts from 1."""
    weight = torch.cat([p['scale.weight'], p['shift.weight']]).flatten(1)
    bias = torch.cat([p['scale.bias'] - 1, p['shift.bias']])
    scale, shift = F.linear(time.flatten(1), weight, bias)[:, :, None, None].chunk(2, dim=1)
    u = conv(F.silu(group_norm(x, p, 'norm1', groups)), p, 'conv1', 1)
    u = group_norm(u, p, 'norm2', groups) * (1 + scale) + shift
    skip = conv(x, p, 'skip', 0) if 'skip.weight' in p else x
    return skip + conv(F.silu(u), p, 'conv2', 1)


def main():
    fixture = Fixture('resBlock', seed=5)
    e, groups = 6, 2
    for title, c, o in [('as many channels out as in', 4, 4), ('more channels out than in', 4, 6)]:
        params = {
            **fixture.norm('norm1', c),
            **fixture.conv('conv1', o, c, 3),
            **fixture.conv('scale', o, e, 1),
            **fixture.conv('shift', o, e, 1),
            **fixture.norm('norm2', o),
            **fixture.conv('conv2', o, o, 3),
            **(fixture.conv('skip', o, c, 1) if c != o else {}),
        }
        fixture.case(
            title,
            {'from': c, 'to': o, 'timeChannels': e, 'groups': groups},
            params,
            {'x': fixture.normal(2, c, 4, 5), 'time': fixture.normal(2, e, 1, 1)},
            lambda p, inputs: {'y': res_block(p, inputs['x'], inputs['time'], groups)},
        )
    fixture.write()

    fixture = Fixture('timeEmbedding', seed=6)
    t = [1, 7, 15]
    fixture.case(
        'three timesteps',
        {'channels': e, 't': t},
        {**fixture.conv('first', e, e, 1), **fixture.conv('second', e, e, 1)},
        {},
        lambda p, _: {'y': time_embedding(p, torch.tensor(t), e)},
    )
    fixture.write()


if __name__ == '__main__':
    main()
