"""How fast PyTorch, eager, is at the same network: python3 bench/pytorch/step.py [options]

    --preset NAME  one of src/model/presets (tiny)
    --clips N      of a training batch (1)
    --frames N     of a clip (5)
    --crop N       HR pixels along a side of the clips that are trained on (64)
    --sample N     samples a clip with LR frames of N x N in 15 steps instead of training
    --tokens N     tokens of a frame from the distiller (8)
    --steps N      steps, or clips, that are timed, after three that are not (20)
    --half         products in float16: autocast, and in training a scaled loss
    --tf32         lets float32 products use TF32, which is off otherwise
    --json FILE    also writes {adapter, commit, torch, date, row}, times in ms, as bench/step.ts does

On CUDA if there is a device, else on the CPU. The network is scripts/oracle/network.py, with random weights. A training
step is that of the stage `condenser`: uploads, noise, forward, loss, backward, clipping, Adam, average, and reading loss
and norm. Sampling computes what layers take from semantics and memory once, then 15 steps, then the memory after the
clip. What the distiller would say is drawn beforehand: unlike in bench/step.ts, its own time is not in these figures.
`host` is the part before the wait; `cpu` is what the process took of all cores; dispatches are kernels on the device.
"""

import argparse
import contextlib
import json
import subprocess
import sys
import time
from datetime import datetime, timezone
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / 'scripts' / 'oracle'))

from fixture import Values  # noqa: E402
from network import PixelCondenser, network_params  # noqa: E402
from process import Process, charbonnier, sample_clip, training_state  # noqa: E402
from weights import preset  # noqa: E402

WARM_UP = 3


class Bench:
    """The network on a device, and random clips."""

    def __init__(self, options):
        self.options = options
        self.cuda = torch.cuda.is_available()
        self.device = torch.device('cuda' if self.cuda else 'cpu')
        torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = options.tf32
        torch.manual_seed(0)
        self.config = preset(options.preset)
        params = {path: x.float() for path, x in network_params(Values(0), self.config).items()}
        self.network = PixelCondenser(self.config, params).to(self.device)
        self.process = Process()

    def precision(self):
        half = self.options.half
        return torch.autocast(self.device.type, torch.float16) if half else contextlib.nullcontext()

    def clip(self, n, side):
        """On the host: LR frames, those enlarged, HR frames, and what the distiller says of them."""
        told = self.config['semantics']
        images = [torch.rand(n, 3, s, s) * 2 - 1 for s in (side, 4 * side, 4 * side)]
        tokens = torch.randn(n, self.options.tokens, told['tokenChannels'])
        return *images, tokens, torch.randn(n, told['featureChannels'], side, side)

    def wait(self):
        if self.cuda:
            torch.cuda.synchronize()


class Training(Bench):
    """Steps of the stage `condenser`: all but CaTeGory is trained, and no memory is asked."""

    def __init__(self, options):
        super().__init__(options)
        self.trained = [p for path, p in self.network.named_parameters() if not path.startswith('category.')]
        self.average = [p.detach().clone() for p in self.trained]
        self.adam = torch.optim.Adam(self.trained, lr=1e-4, betas=(0.5, 0.999))
        self.scaler = torch.amp.GradScaler(self.device.type, enabled=options.half)
        self.batch = self.clip(options.clips * options.frames, options.crop // 4)
        self.name = f'{options.preset}, condenser, {options.clips} × {options.frames} frames of {options.crop}²'

    def run(self):
        """One step, and when the host was through with it."""
        frames = self.options.frames
        lr, upscaled, hr, tokens, features = (x.to(self.device) for x in self.batch)
        steps = torch.randint(1, self.process.T + 1, (self.options.clips,)).repeat_interleave(frames)
        state = training_state(hr, upscaled, steps.tolist(), torch.randn_like(hr), self.process)
        self.adam.zero_grad()
        with self.precision():
            context = self.network.context(tokens, features, frames)
            x0, _ = self.network(state, lr, upscaled, steps.to(self.device), frames, context)
            loss = charbonnier(hr, x0.float())
        self.scaler.scale(loss).backward()
        self.scaler.unscale_(self.adam)
        norm = torch.nn.utils.clip_grad_norm_(self.trained, 1.0)
        self.scaler.step(self.adam)
        self.scaler.update()
        torch._foreach_lerp_(self.average, [p.detach() for p in self.trained], 1 - 0.999)
        measured = torch.stack([loss.detach(), norm])
        through = time.perf_counter()
        measured.tolist()
        return through


class Sampling(Bench):
    """Whole clips, each the first of its video."""

    def __init__(self, options):
        super().__init__(options)
        self.batch = self.clip(options.frames, options.sample)
        lr, hr = options.sample, 4 * options.sample
        self.name = f'{options.preset}, {options.frames} frames of {lr}² to {hr}², {self.process.T} steps'

    @torch.inference_mode()
    def run(self):
        frames, kept = self.options.frames, {}
        lr, upscaled, _, tokens, features = (x.to(self.device) for x in self.batch)
        with self.precision():
            learned = self.network.learned()
            context = self.network.context(tokens, features, frames, learned)

        def denoise(state, t):
            with self.precision():
                steps = torch.full((frames,), t, device=self.device)
                x0, kept['features'] = self.network(state, lr, upscaled, steps, frames, context)
            return x0.float()

        x0 = sample_clip(denoise, upscaled, lambda t: torch.randn_like(upscaled), self.process)
        with self.precision():
            textures = self.network.remember(learned, kept['features'], frames)
        through = time.perf_counter()
        x0.cpu(), textures.cpu()
        return through


def measure(bench, steps):
    """The row: times in ms, memory in bytes."""

    def once():
        bench.wait()
        start = time.perf_counter()
        through = bench.run()
        return 1000 * (time.perf_counter() - start), 1000 * (through - start)

    first, _ = once()
    for _ in range(WARM_UP - 1):
        once()
    before = time.process_time()
    samples = [once() for _ in range(steps)]
    cpu = 1000 * (time.process_time() - before) / steps
    every, host = (sorted(times) for times in zip(*samples))
    at = lambda times, q: times[int(q * (steps - 1) + 0.5)]
    row = {
        'name': bench.name,
        'first': first,
        'median': at(every, 0.5),
        'min': every[0],
        'spread': at(every, 0.75) - at(every, 0.25),
        'host': at(host, 0.5),
        'cpu': cpu,
        'steps': steps,
    }
    if bench.cuda:
        row['dispatches'] = kernels(bench)
        row['bytes'] = torch.cuda.max_memory_allocated()
        row['reserved'] = torch.cuda.max_memory_reserved()
    return row


def kernels(bench):
    """How many kernels one run starts."""
    with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CUDA]) as profile:
        bench.run()
        bench.wait()
    on_device = [e for e in profile.events() if e.device_type == torch.profiler.DeviceType.CUDA]
    return sum(not e.name.startswith(('Memcpy', 'Memset')) for e in on_device)


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument('--preset', default='tiny')
    for name, default in [('clips', 1), ('frames', 5), ('crop', 64), ('tokens', 8), ('steps', 20)]:
        parser.add_argument(f'--{name}', type=int, default=default)
    parser.add_argument('--sample', type=int)
    parser.add_argument('--half', action='store_true')
    parser.add_argument('--tf32', action='store_true')
    parser.add_argument('--json')
    options = parser.parse_args()

    bench = Training(options) if options.sample is None else Sampling(options)
    row = measure(bench, options.steps)
    precision = 'float16' if options.half else 'TF32' if options.tf32 else 'float32'
    adapter = torch.cuda.get_device_name() if bench.cuda else f'CPU, {torch.get_num_threads()} threads'
    result = {
        'adapter': f'{adapter}, PyTorch eager, {precision}',
        'commit': subprocess.check_output(['git', 'describe', '--always', '--dirty'], text=True).strip(),
        'torch': torch.__version__,
        'date': datetime.now(timezone.utc).isoformat(),
        'row': row,
    }
    print(result['adapter'])
    for name, value in row.items():
        print(f'{name:12}{value if isinstance(value, str) else round(value, 1)}')
    if options.json:
        Path(options.json).write_text(f'{json.dumps(result, indent=2, ensure_ascii=False)}\n')


if __name__ == '__main__':
    main()
