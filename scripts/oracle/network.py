"""SeeClear's Pixel Condenser (Appendix C; Algorithm 1, lines 10-40) with InCAM and CaTeGory, of the blocks in this
folder.

Its parameters have the paths and shapes of ours, so that it takes a file of our weights (`weights.py`); its
configuration is one of src/model/presets, or any other with the same fields.
"""

import torch
import torch.nn.functional as F
from torch import nn

import category
from channel_attention import channel_attention, channel_attention_params, channel_norm
from fixture import under
from gated_feed_forward import gated_feed_forward, gated_feed_forward_params
from incam import clip_context, incam, incam_params, shrunk
from instance_tokens import instance_tokens, instance_tokens_params
from multi_frame_attention import multi_frame_attention
from res_block import conv, group_norm, res_block, res_block_params, time_embedding, time_embedding_params
from wavelet import downsample, haar, haar_inverse, split, upsample
from window_attention import window_attention_params

SIDE = 4
STATE_CHANNELS = 3 * SIDE**2

ENCODER = [f'encoder.{i}' for i in range(4)]
MIDDLE = [f'middle.{i}' for i in range(3)]
DECODER = [f'decoder.{i}' for i in range(4)]

# How many LR pixels one pixel of a layer stands for, along one axis.
REDUCTIONS = dict(zip(MIDDLE + DECODER, [8, 8, 8, 4, 2, 1, 1]))


class PixelCondenser(nn.Module):
    """@param params by their paths in our tree, as `network_params` draws them"""

    def __init__(self, config, params):
        super().__init__()
        self.config = config
        self.parts = {'': {}}  # the parameters of each part, by the rest of their paths
        for path, values in params.items():
            self.parts[''][path] = parameter = nn.Parameter(values)
            keys = path.split('.')
            branch = self
            for i, key in enumerate(keys[:-1]):
                self.parts.setdefault('.'.join(keys[: i + 1]), {})['.'.join(keys[i + 1 :])] = parameter
                if key not in branch._modules:
                    branch.add_module(key, nn.Module())
                branch = branch._modules[key]
            branch.register_parameter(keys[-1], parameter)

    def context(self, tokens, features, frames, textures=None):
        """What the layers take from the semantics of clips, and from the memory if there is one to ask.

        @param tokens O of each frame, [n, k, d]
        @param features P of each frame at LR size, [n, c, h, w]
        """
        small = {r: shrunk(features, r) for r in set(REDUCTIONS.values())}
        layers = {
            path: clip_context(self.parts[f'{path}.incam'], small[r], tokens, self.config['headChannels'])
            for path, r in REDUCTIONS.items()
        }
        clip = asked = None
        if 'instance' in self.parts:
            clip = instance_tokens(self.parts['instance'], tokens, frames, self.config['semantics'])
        if textures is not None:
            asked = category.ask(
                self.parts['category'], textures, clip, frames, category_config(self.config)
            )
        return {'layers': layers, 'clip': clip, 'asked': asked}

    def forward(self, state, lr, upscaled, t, frames, context=None):
        """x_0, and the features for the memory.

        @param state scaled, [n, 3, 4h, 4w]
        @param t [n]
        @param context what `context` made of the clips; None for a network without semantics
        """
        parts, config = self.parts, self.config
        time = time_embedding(parts['time'], t)
        dwt = config['components']['dwt']
        packets = haar(haar(state)) if dwt else F.pixel_unshuffle(state, SIDE)
        f = conv(torch.cat([lr, packets], dim=1), parts[''], 'convIn', 1)
        highs = []
        for i, path in enumerate(ENCODER):
            if i > 0:
                bands = split(f)
                highs.append(bands['high'])
                lr = downsample(parts[f'lrDownsample.{i - 1}'], lr)
                f = torch.cat([lr, bands['low']], dim=1)
            f = self.unit(path, i, f, time, 1, None)
        for i, path in enumerate(MIDDLE):
            f = self.unit(path, 4 + i, f, time, frames, context)
        features = []
        for k, path in enumerate(DECODER):
            if highs:
                f = upsample(parts[f'upsample.{k}'], f, highs.pop())
            f = self.unit(path, 7 + k, f, time, frames, context)
            if context is not None and context['asked'] is not None:
                f = category.refine(parts['category'], k, f, context['asked'][k], config)
            features.append(f)
        out = conv(F.silu(group_norm(f, parts[''], 'normOut', config['groups'])), parts[''], 'convOut', 1)
        residual = haar_inverse(haar_inverse(out)) if dwt else F.pixel_shuffle(out, SIDE)
        return residual + upscaled, features

    def unit(self, path, index, x, time, frames, context):
        """Layer `index` of all eleven. Multi-frame attention is outside the encoder."""
        parts, config = self.parts, self.config
        x = res_block(parts[f'{path}.first'], x, time, config['groups'])
        gate = None
        if context is not None:
            layer, clip = context['layers'][path], context['clip']
            told = incam(parts[f'{path}.incam'], x, layer, clip, config['headChannels'])
            x, gate = told['embedded'], told.get('gate')
        if not config['components']['attention']:
            return res_block(parts[f'{path}.second'], x, time, config['groups'])
        through = path not in ENCODER and config['components']['mfsa']
        windows = {
            'headChannels': config['headChannels'],
            'window': config['window'],
            'shifted': index % 2 == 1,
            'frames': config['frames'] if through else 1,
        }
        x = multi_frame_attention(parts[f'{path}.spatial'], x, gate, windows, frames if through else 1)
        x = feed_forward(parts[f'{path}.spatialFeedForward'], x)
        x = res_block(parts[f'{path}.second'], x, time, config['groups'])
        x = channel_attention(parts[f'{path}.channel'], x, config['headChannels'])
        return gated_feed_forward(parts[f'{path}.channelFeedForward'], x)

    def learned(self):
        """The textures of the memory before the first clip of a video; None without a memory."""
        return self.parts['category']['textures'][None] if 'category' in self.parts else None

    def remember(self, textures, features, frames):
        """The textures after clips, from those before."""
        return category.construct(
            self.parts['category'], textures, features, frames, category_config(self.config)
        )


def feed_forward(p, x):
    """Of each pixel, by Vaswani et al., "Attention is all you need" (2017), with GELU in its tanh form."""
    hidden = F.gelu(conv(channel_norm(x, p, 'norm'), p, 'up', 0), approximate='tanh')
    return x + conv(hidden, p, 'down', 0)


def category_config(config):
    c1, c2, c3, _ = config['channels']
    told = config['semantics']
    sizes = {'tokens': told['tokens'], 'layers': [c3, c2, c1, c1], 'headChannels': config['headChannels']}
    return {**config['memory'], **sizes}


def unit_params(values, config, c, o, encoder):
    components, told = config['components'], config['semantics']
    heads, e = o // config['headChannels'], config['timeChannels']
    frames = config['frames'] if components['mfsa'] and not encoder else 1
    params = {
        **under('first', res_block_params(values, c, o, e)),
        **under('second', res_block_params(values, o, o, e)),
    }
    if components['semantic'] and not encoder:
        sizes = [told[name] for name in ('featureChannels', 'modulationChannels', 'tokenChannels', 'channels')]
        params |= under('incam', incam_params(values, o, *sizes, components['incam']))
    if components['attention']:
        offsets = (2 * frames - 1) * (2 * config['window'] - 1) ** 2
        hidden, gated = (round_half_up(config[ratio] * o) for ratio in ('feedForwardRatio', 'gatedRatio'))
        params |= {
            **under('spatial', window_attention_params(values, o, heads, offsets)),
            **under('spatialFeedForward', values.norm('norm', o)),
            **under('spatialFeedForward', values.conv('up', hidden, o, 1)),
            **under('spatialFeedForward', values.conv('down', o, hidden, 1)),
            **under('channel', channel_attention_params(values, o, heads)),
            **under('channelFeedForward', gated_feed_forward_params(values, o, gated)),
        }
    return params


def round_half_up(x):
    return int(x + 0.5)


def network_params(values, config):
    """Random weights, none of them zero, by their paths."""
    c1, c2, c3, c4 = config['channels']
    sizes = [(c1, c1), (2 * c1, c2), (2 * c2, c3), (2 * c3, c4)]  # the layers before, beside as much of the LR frames
    sizes += 3 * [(c4, c4)] + [(c4, c3), (c3, c2), (c2, c1), (c1, c1)]
    params = {
        **under('time', time_embedding_params(values, config['timeChannels'])),
        **values.conv('convIn', c1, 3 + STATE_CHANNELS, 3),
        **values.norm('normOut', c1),
        **values.conv('convOut', STATE_CHANNELS, c1, 3),
    }
    for path, (c, o) in zip(ENCODER + MIDDLE + DECODER, sizes):
        params |= under(path, unit_params(values, config, c, o, path in ENCODER))
    for i, (c, o) in enumerate([(3, c1), (c1, c2), (c2, c3)]):
        params |= values.conv(f'lrDownsample.{i}', o, 4 * c, 3)
    for i, (low, high) in enumerate([(c4, c3), (c3, c2), (c2, c1)]):
        params |= values.conv(f'upsample.{i}', 3 * low, high, 3)
    components = config['components']
    if components['incam'] or components['category']:
        params |= under('instance', instance_tokens_params(values, config['semantics']))
    if components['category']:
        params |= under('category', category.category_params(values, category_config(config)))
    return params
