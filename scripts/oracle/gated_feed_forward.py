"""The gated feed-forward network of Zamir et al., "Restormer" (2022), with GELU in its tanh form."""

import torch.nn.functional as F

from channel_attention import channel_norm
from fixture import Fixture


def gated_feed_forward(p, x):
    hidden = F.conv2d(channel_norm(x, p, 'norm'), p['up'])
    a, b = F.conv2d(hidden, p['depthwise'], padding=1, groups=hidden.shape[1]).chunk(2, dim=1)
    return x + F.conv2d(F.gelu(a, approximate='tanh') * b, p['down.weight'], p['down.bias'])


def gated_feed_forward_params(values, c, m):
    return {
        **values.norm('norm', c),
        'up': values.filter(2 * m, c, 1),
        'depthwise': values.filter(2 * m, 1, 3),
        **values.conv('down', c, m, 1),
    }


def main():
    fixture = Fixture('gatedFeedForward', seed=3)
    c, m = 4, 7
    params = gated_feed_forward_params(fixture, c, m)
    fixture.case(
        'random weights',
        {'channels': c, 'hidden': m},
        params,
        {'x': fixture.normal(2, c, 4, 5)},
        lambda p, inputs: {'y': gated_feed_forward(p, inputs['x'])},
    )
    fixture.write()


if __name__ == '__main__':
    main()
