"""Layers of transformers between tokens, by PyTorch's own modules.

The decoder layer is in the order of Heo et al., "VITA" (2022): cross-attention first, then all that an encoder layer
has.
"""

from functools import cache

import torch
import torch.nn.functional as F
from torch import nn
from torch.func import functional_call

from fixture import Fixture


def projection(fixture, to, channels):
    return fixture.normal(to, channels, deviation=channels**-0.5)


def linear_params(fixture, path, to, channels):
    return {
        f'{path}.weight': projection(fixture, to, channels),
        f'{path}.bias': fixture.normal(to, deviation=0.3),
    }


def attention_params(fixture, path, channels, other, inner):
    return {
        **linear_params(fixture, f'{path}query', inner, channels),
        f'{path}key': projection(fixture, inner, other),
        **linear_params(fixture, f'{path}value', inner, other),
        **linear_params(fixture, f'{path}out', channels, inner),
    }


def feed_forward_params(fixture, path, dim, hidden):
    return {
        **linear_params(fixture, f'{path}up', hidden, dim),
        **linear_params(fixture, f'{path}down', dim, hidden),
    }


def encoder_params(fixture, path, dim, hidden):
    return {
        **attention_params(fixture, f'{path}self.', dim, dim, dim),
        **fixture.norm(f'{path}selfNorm', dim),
        **feed_forward_params(fixture, f'{path}feedForward.', dim, hidden),
        **fixture.norm(f'{path}feedForwardNorm', dim),
    }


def decoder_params(fixture, path, dim, hidden):
    return {
        **attention_params(fixture, f'{path}cross.', dim, dim, dim),
        **fixture.norm(f'{path}crossNorm', dim),
        **encoder_params(fixture, path, dim, hidden),
    }


def attention_state(p, path, separate=False):
    """Our weights under the names of nn.MultiheadAttention, which has `separate` ones for tokens of other sizes.

    Our keys have no bias, since softmax cancels it.
    """
    weights = [p[f'{path}query.weight'], p[f'{path}key'], p[f'{path}value.weight']]
    query_bias, value_bias = p[f'{path}query.bias'], p[f'{path}value.bias']
    together = {'in_proj_weight': torch.cat(weights)} if not separate else {}
    apart = dict(zip(('q_proj_weight', 'k_proj_weight', 'v_proj_weight'), weights)) if separate else {}
    return {
        **together,
        **apart,
        'in_proj_bias': torch.cat([query_bias, torch.zeros_like(query_bias), value_bias]),
        'out_proj.weight': p[f'{path}out.weight'],
        'out_proj.bias': p[f'{path}out.bias'],
    }


@cache
def attention_module(channels, heads, other):
    """Without weights: these are given with each call."""
    return nn.MultiheadAttention(
        channels, heads, kdim=other, vdim=other, batch_first=True, device=torch.device('meta')
    )


@cache
def encoder_module(dim, heads, hidden):
    return nn.TransformerEncoderLayer(
        dim, heads, hidden, dropout=0.0, activation='relu', batch_first=True, device=torch.device('meta')
    )


def attention(p, path, x, tokens, heads, bias=None):
    """x asks the tokens; all heads together have the channels of x."""
    c, e = x.shape[-1], tokens.shape[-1]
    state = attention_state(p, path, separate=c != e)
    options = {'attn_mask': bias, 'need_weights': False}
    call = (x, tokens, tokens), options
    return functional_call(attention_module(c, heads, e), state, *call, strict=True)[0]


def encoder_layer(p, path, x, heads):
    layer = encoder_module(x.shape[-1], heads, p[f'{path}feedForward.up.bias'].shape[0])
    state = {f'self_attn.{name}': value for name, value in attention_state(p, f'{path}self.').items()}
    for ours, theirs in [('feedForward.up', 'linear1'), ('feedForward.down', 'linear2')]:
        state |= {f'{theirs}.{name}': p[f'{path}{ours}.{name}'] for name in ('weight', 'bias')}
    for ours, theirs in [('selfNorm', 'norm1'), ('feedForwardNorm', 'norm2')]:
        state |= {f'{theirs}.weight': p[f'{path}{ours}.gamma'], f'{theirs}.bias': p[f'{path}{ours}.beta']}
    return functional_call(layer, state, (x,), strict=True)


def decoder_layer(p, path, x, tokens, heads):
    read = attention(p, f'{path}cross.', x, tokens, heads)
    return encoder_layer(p, path, token_norm(x + read, p, f'{path}crossNorm'), heads)


def token_norm(x, p, path):
    return F.layer_norm(x, (x.shape[-1],), p[f'{path}.gamma'], p[f'{path}.beta'])


def cross_attention(p, inputs, heads):
    """Tokens of one size asked by tokens of another."""
    bias = inputs['bias'].flatten(0, 1) if 'bias' in inputs else None
    return attention(p, '', inputs['x'], inputs['tokens'], heads, bias)


def projected_attention(p, inputs, heads):
    """As `attention`, with any number of channels inside, which nn.MultiheadAttention does not offer."""

    def split(y):
        return y.unflatten(-1, (heads, -1)).transpose(1, 2)

    query = split(F.linear(inputs['x'], p['query.weight'], p['query.bias']))
    key = split(F.linear(inputs['tokens'], p['key']))
    value = split(F.linear(inputs['tokens'], p['value.weight'], p['value.bias']))
    read = F.scaled_dot_product_attention(query, key, value)
    return F.linear(read.transpose(1, 2).flatten(2), p['out.weight'], p['out.bias'])


def main():
    fixture = Fixture('tokenAttention', seed=8)
    for title, c, e, inner, heads, biased, attend in [
        ('tokens of another size', 6, 4, 6, 3, False, cross_attention),
        ('more channels inside', 4, 3, 8, 2, False, projected_attention),
        ('biased scores', 6, 4, 6, 3, True, cross_attention),
    ]:
        inputs = {'x': fixture.normal(2, 5, c), 'tokens': fixture.normal(2, 3, e)}
        if biased:
            inputs['bias'] = fixture.normal(2, heads, 5, 3)
        fixture.case(
            title,
            {'channels': c, 'from': e, 'inner': inner, 'heads': heads},
            attention_params(fixture, '', c, e, inner),
            inputs,
            lambda p, inputs: {'y': attend(p, inputs, heads)},
        )
    fixture.write()

    dim, heads, hidden = 6, 2, 8
    config = {'channels': dim, 'heads': heads, 'hidden': hidden}
    fixture = Fixture('tokenLayers', seed=9)
    fixture.case(
        'encoder layer',
        config,
        encoder_params(fixture, '', dim, hidden),
        {'x': fixture.normal(2, 5, dim)},
        lambda p, inputs: {'y': encoder_layer(p, '', inputs['x'], heads)},
    )
    fixture.case(
        'decoder layer',
        config,
        decoder_params(fixture, '', dim, hidden),
        {'x': fixture.normal(2, 3, dim), 'tokens': fixture.normal(2, 5, dim)},
        lambda p, inputs: {'y': decoder_layer(p, '', inputs['x'], inputs['tokens'], heads)},
    )
    fixture.write()


if __name__ == '__main__':
    main()
