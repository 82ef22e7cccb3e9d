"""The instance encoder-decoder, SeeClear (14): a stack of `token_layers`, as in Heo et al., "VITA" (2022)."""

import torch.nn.functional as F

from fixture import Fixture
from token_layers import decoder_layer, decoder_params, encoder_layer, encoder_params, linear_params


def instance_tokens(p, tokens, frames, config):
    """[b * m, k, o] -> [b, q, d]"""
    together = tokens.unflatten(0, (-1, frames)).flatten(1, 2)
    memory = F.linear(together, p['input.weight'], p['input.bias'])
    for i in range(config['encoderLayers']):
        memory = encoder_layer(p, f'encoder.{i}.', memory, config['heads'])
    clip = p['queries'].expand(memory.shape[0], -1, -1)
    for i in range(config['decoderLayers']):
        clip = decoder_layer(p, f'decoder.{i}.', clip, memory, config['heads'])
    return clip


def instance_tokens_params(values, config):
    dim, hidden = config['channels'], config['hidden']
    params = linear_params(values, 'input', dim, config['tokenChannels'])
    params['queries'] = values.normal(config['tokens'], dim)
    for i in range(config['encoderLayers']):
        params |= encoder_params(values, f'encoder.{i}.', dim, hidden)
    for i in range(config['decoderLayers']):
        params |= decoder_params(values, f'decoder.{i}.', dim, hidden)
    return params


def main():
    fixture = Fixture('instanceTokens', seed=10)
    config = {
        'tokenChannels': 4,
        'channels': 6,
        'heads': 2,
        'hidden': 8,
        'encoderLayers': 2,
        'decoderLayers': 2,
        'tokens': 5,
    }
    frames = 3
    params = instance_tokens_params(fixture, config)
    fixture.case(
        'two clips of three frames',
        {**config, 'frames': frames},
        params,
        {'tokens': fixture.normal(2 * frames, 2, config['tokenChannels'])},
        lambda p, inputs: {'clip': instance_tokens(p, inputs['tokens'], frames, config)},
    )
    fixture.write()


if __name__ == '__main__':
    main()
