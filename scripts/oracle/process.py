"""The diffusion process of SeeClear, (1)-(6) and (21)-(36) with the errata of docs/errata.md mended.

The posterior is not the formula of (34), (35): it is the product of the two Gaussians that Bayes' rule (33) multiplies,
by their precisions. Everything that depends on the frequency is an array over a block, float64.
"""

import math
from dataclasses import dataclass
from functools import cache

import torch


@dataclass(frozen=True)
class Process:
    """Residual shift after ResShift, and heat dissipation after IHDM. Index 0 is the clean frame, T the end."""

    T: int = 15
    kappa: float = 2.0
    min_noise: float = 0.04
    p: int = 4
    blur_variance: float = 2.0

    def eta(self, t):
        if t == 0:
            return 0.0
        first, last = min(self.min_noise / self.kappa, self.min_noise), 0.99
        warped = ((t - 1) / (self.T - 1)) ** 0.3
        return (first * (last / first) ** warped) ** 2

    def blur(self, t):
        """D_t, the share of each frequency of a block that the heat equation leaves. [p, p]"""
        if t == 0:
            return torch.ones(self.p, self.p, dtype=torch.float64)
        deviation = 0.5 * (self.blur_variance**0.5 / 0.5) ** ((t - 1) / (self.T - 1))
        k = torch.arange(self.p, dtype=torch.float64) * math.pi / self.p
        return torch.exp(-(k[:, None] ** 2 + k[None, :] ** 2) * deviation**2 / 2)

    def input_scale(self, t):
        return 1 / math.sqrt(self.kappa**2 * self.eta(t) + 1)


@cache
def cosines(p, dtype, device):
    """The orthonormal DCT-II, a frequency in each row."""
    k, x = torch.arange(p, dtype=torch.float64)[:, None], torch.arange(p, dtype=torch.float64)[None, :]
    rows = torch.cos(math.pi * (x + 0.5) * k / p) * math.sqrt(2 / p)
    rows[0] /= math.sqrt(2)
    return rows.to(device, dtype)


def spectrum(frames, p):
    """[n, c, h, w] -> [n, c, h/p, p, w/p, p], rows of blocks and of frequencies"""
    n, c, h, w = frames.shape
    blocks = frames.reshape(n, c, h // p, p, w // p, p)
    V = cosines(p, frames.dtype, frames.device)
    return torch.einsum('yi,nchiwj,xj->nchywx', V, blocks, V)


def pixels(u, p):
    V = cosines(p, u.dtype, u.device)
    blocks = torch.einsum('yi,nchywx,xj->nchiwj', V, u, V)
    return blocks.flatten(4, 5).flatten(2, 3)


def by_frequency(values, u):
    """Factors of a block [p, p], for a spectrum."""
    return values.to(u)[:, None, :]


def training_state(x0, xl, t, noise, process):
    """u_t of each frame in pixels, a sample of (29), and its scaled form, which the network sees.

    @param t a list, the step of each frame
    """
    p = process.p
    eta = torch.tensor([process.eta(s) for s in t]).to(x0)[:, None, None, None]
    blur = torch.stack([process.blur(s) for s in t]).to(x0)[:, None, None, :, None, :]
    blurred = pixels(blur * spectrum(x0, p), p)
    state = (1 - eta) * blurred + eta * xl + process.kappa * eta.sqrt() * noise
    return state / (process.kappa**2 * eta + 1).sqrt()


def posterior(ut, u0, ul, t, process):
    """Mean, and deviation for each frequency, of q(u_{t-1} | u_t, u_0, u_l), t > 1, all spectra.

    (31) is u_t = lambda (u_{t-1} - eta_{t-1} u_l) + eta_t u_l + noise. So it puts u_{t-1} at (u_t - eta_t u_l) / lambda +
    eta_{t-1} u_l, with the precision lambda^2 / variance; (32) says where it is given u_0.
    """
    eta, before = process.eta(t), process.eta(t - 1)
    kept = (1 - eta) / (1 - before) * process.blur(t) / process.blur(t - 1)  # lambda
    added = process.kappa**2 * (eta - kept**2 * before)  # what makes the variance of t that of (29)
    of_step, of_marginal = kept**2 / added, 1 / (process.kappa**2 * before)
    variance = 1 / (of_step + of_marginal)
    scale = lambda values, u: by_frequency(values, u) * u
    # precision times position of the step is (lambda / variance) (u_t - eta_t u_l + lambda eta_{t-1} u_l)
    step = scale(kept / added, ut - eta * ul + before * scale(kept, ul))
    marginal = of_marginal * (scale((1 - before) * process.blur(t - 1), u0) + before * ul)
    return scale(variance, step + marginal), variance.sqrt()


def charbonnier(x, y):
    return ((x - y) ** 2 + 1e-3**2).sqrt().mean()


def sample_clip(denoise, upscaled, noise, process):
    """x_0 of a clip by Algorithm 1, lines 2, 5, 40, 41.

    @param denoise(scaled state, t) gives x_0
    @param noise(t) is white, for the pixels of state T, and for the spectrum of other states, where their pixels are
    """
    p, T = process.p, process.T
    state = upscaled + process.kappa * process.eta(T) ** 0.5 * noise(T)
    ul = spectrum(upscaled, p)
    for t in range(T, 0, -1):
        x0 = denoise(process.input_scale(t) * state, t).clamp(-1, 1)
        if t > 1:
            mean, deviation = posterior(spectrum(state, p), spectrum(x0, p), ul, t, process)
            state = pixels(mean + by_frequency(deviation, mean) * noise(t - 1).reshape(mean.shape), p)
    return x0
