"""Random numbers that are a function of their address, as src/kernels/random.ts defines them.

Philox 4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011) and the transform of Box and Muller.
Both sides can make these, so the weights, inputs and noise of a whole network need not be stored.
"""

import numpy as np
import torch

MULTIPLIERS = np.array([[0xD2511F53], [0xCD9E8D57]], dtype=np.uint64)
WEYL = np.array([[0x9E3779B9], [0xBB67AE85]], dtype=np.uint64)
LOW = np.uint64(0xFFFFFFFF)


def philox(blocks, seed, stream):
    """[4, blocks]: the words of the first so many counters under a key, of 32 bits in 64."""
    counter = np.zeros((4, blocks), dtype=np.uint64)
    counter[0] = np.arange(blocks)
    key = np.array([[seed], [stream]], dtype=np.uint64)
    for _ in range(10):
        product = MULTIPLIERS * counter[::2]
        high, low = product >> np.uint64(32), product & LOW
        mixed = high[::-1] ^ counter[1::2] ^ key
        counter = np.stack([mixed[0], low[1], mixed[1], low[0]])
        key = (key + WEYL) & LOW
    return counter


def normal(shape, seed, stream):
    """N(0, 1), in float64."""
    size = int(np.prod(shape))
    places = philox(-(-size // 4), seed, stream) >> np.uint64(8)
    radius = np.sqrt(-2 * np.log((places[::2] + np.uint64(1)) * 2.0**-24))
    angle = 2 * np.pi * places[1::2] * 2.0**-24
    pairs = np.stack([radius * np.cos(angle), radius * np.sin(angle)])  # [2, 2, blocks], the member of a pair first
    return torch.from_numpy(pairs.transpose(2, 1, 0).reshape(-1)[:size].reshape(shape).copy())
