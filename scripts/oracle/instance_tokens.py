"""The instance encoder-decoder, SeeClear (14): a stack of `token_layers`, as in Heo et al., "VITA" (2022)."""

import torch.nn.functional as F

from fixture import Fixture
from token_layers import (
    DIM,
    HEADS,
    HIDDEN,
    decoder_layer,
    decoder_params,
    encoder_layer,
    encoder_params,
    linear_params,
)


def instance_tokens(p, tokens, frames, config):
    """[b * m, k, o] -> [b, q, d]"""
    together = tokens.unflatten(0, (-1, frames)).flatten(1, 2)
    memory = F.linear(together, p['input.weight'], p['input.bias'])
    for i in range(config['encoderLayers']):
        memory = encoder_layer(p, f'encoder.{i}.', memory)
    clip = p['queries'].expand(memory.shape[0], -1, -1)
    for i in range(config['decoderLayers']):
        clip = decoder_layer(p, f'decoder.{i}.', clip, memory)
    return clip


def main():
    fixture = Fixture('instanceTokens', seed=10)
    config = {
        'tokenChannels': 4,
        'channels': DIM,
        'heads': HEADS,
        'hidden': HIDDEN,
        'encoderLayers': 2,
        'decoderLayers': 2,
        'tokens': 5,
    }
    frames = 3
    params = linear_params(fixture, 'input', DIM, config['tokenChannels'])
    params['queries'] = fixture.normal(config['tokens'], DIM)
    for i in range(config['encoderLayers']):
        params |= encoder_params(fixture, f'encoder.{i}.')
    for i in range(config['decoderLayers']):
        params |= decoder_params(fixture, f'decoder.{i}.')
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
