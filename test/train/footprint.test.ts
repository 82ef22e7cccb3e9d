/** What is planned against what is then used. Training: test/train/replayedTraining.test.ts. */
import { expect } from 'chai';
import { proceduralSource } from '../../src/data/index.js';
import { GpuBackend } from '../../src/kernels/runtime/gpuBackend.js';
import { type Backend, DeviceError, PlanningBackend, tensor, type Tensor } from '../../src/tensor/index.js';
import {
  Clips, makeModel, modelSpec, replayed, type TrainedModel, trainingFootprint, trainState, upscaleVideo,
  upscalingFootprint, withParams,
} from '../../src/train/index.js'; // prettier-ignore
import { onGpu } from '../support/gpu.js';
import { leastModel } from './support/leastModel.js';

const size = { frames: 5, width: 16, height: 8 };

/** The least network with two frames in a clip, in four steps. */
function trained(backend: Backend): TrainedModel {
  const model = makeModel(leastModel('diffusion.T=4'));
  const network = withParams(model, backend, model.draw(backend, 1));
  return { ...replayed(network, (t) => model.timesteps(backend, t)), multiple: 8 };
}

describe('the footprint of upscaling', () => {
  it(
    'is within 10 % of what the device then holds',
    onGpu(async (opened) => {
      const backend = new GpuBackend(opened);
      const model = trained(backend);
      const { frames, width, height } = size;
      const square = proceduralSource(4).clip(0, frames, width);
      const video = square.map(({ data }) => ({ width, height, data: data.slice(0, 3 * width * height) }));
      const clips = new Clips(frames, 2, 0);
      const read = (first: number, end: number) => video.slice(first, end);
      const parts = upscaleVideo(model, { clips, read }, [0, 1, 2], () => undefined, { seed: 1 });
      for await (const { textures } of parts) expect(textures).not.to.equal(undefined);
      const planning = new PlanningBackend();
      const { bytes, work } = await upscalingFootprint(trained(planning), planning, size);
      expect(bytes / backend.memory().reserved).to.be.within(0.9, 1.1);
      expect(work.map(({ name, times }) => [name, times])).to.deep.equal([['clip of 2 frames', 3]]);
      expect(work[0].costs.length).to.be.above(1000);
    }),
  );

  it('grows with the size of the frames, and not with the number of clips', async () => {
    const bytesOf = async (video: typeof size): Promise<number> => {
      const planning = new PlanningBackend();
      return (await upscalingFootprint(trained(planning), planning, video)).bytes;
    };
    const bytes = await bytesOf(size);
    expect(await bytesOf({ ...size, frames: 500 })).to.equal(bytes);
    expect(await bytesOf({ ...size, width: 32 })).to.be.above(1.5 * bytes);
  });

  it('of several samples is of as many times the steps, and of no more memory', async () => {
    const of = async (samples: number): Promise<[bytes: number, dispatches: number]> => {
      const planning = new PlanningBackend();
      const { bytes, work } = await upscalingFootprint(trained(planning), planning, size, { samples });
      return [bytes, work[0].costs.length];
    };
    const [one, two, three] = [await of(1), await of(2), await of(3)];
    expect([two[0], three[0]]).to.deep.equal([one[0], one[0]]);
    expect(three[1] - two[1]).to.equal(two[1] - one[1]);
    expect(two[1] - one[1]).to.be.within(0.6 * one[1], one[1]);
  });

  it('refuses a tensor that the device does not allow, by the device’s name', async () => {
    const planning = new PlanningBackend({ largest: 2 ** 16, device: 'a small device' });
    const failure = await upscalingFootprint(
      trained(planning),
      planning,
      { ...size, width: 4096 },
      { length: 2 },
    )
      .then(() => undefined)
      .catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(DeviceError);
    expect(String(failure)).to.include('a small device allows 0.1 MiB');
  });
});

describe('the footprint of training', () => {
  const stage = { steps: 9, lr: 1, lrEnd: 1 };
  const config = {
    model: modelSpec('tiny'), data: 'procedural', seed: 0, batch: 1, frames: 5, crop: 32, warmup: 0, clipNorm: 1,
    emaDecay: 0.9, origins: {}, stages: { condenser: stage, memory: stage, joint: stage },
  }; // prettier-ignore

  it('has a row for each kind of step, and says how often it comes', async () => {
    const planning = new PlanningBackend();
    const model = makeModel(config.model);
    const state = trainState(model.draw(planning, 0));
    const { work } = await trainingFootprint(model, config, planning, state);
    expect(work.map(({ name, times }) => [name, times])).to.deep.equal([
      ['condenser', 9],
      ['memory, second clips', 5],
      ['memory', 5],
      ['joint', 5],
      ['joint, second clips', 5],
    ]);
    expect(planning.memory().tensors, 'left').to.equal(0);
  });

  it('knows in seconds what presets take that would not fit here: three times the forward pass', async () => {
    const model = makeModel(modelSpec('base'));
    const planning = new PlanningBackend();
    const network = withParams(model, planning, model.draw(planning, 0));
    const counted = (): number => planning.takeCosts().reduce((sum, cost) => sum + cost.multiplyAdds, 0);
    const blank = (side: number): Tensor => tensor(planning, [5, 3, side, side], { length: 15 * side ** 2 });
    const [lr, hr] = [blank(8), blank(32)];
    const context = network.context(lr, 5)!;
    const before = counted();
    network.predict({ state: hr, lr, upscaled: hr, t: [1, 1, 1, 1, 1], frames: 5, context });
    const forward = counted();
    expect(forward / (5 * 8 * 8)).to.be.within(0.9 * 646_872, 646_872); // docs/architecture.md, with the context
    const none = { ...stage, steps: 0 };
    const only = { ...config, stages: { condenser: stage, memory: none, joint: none } };
    const { bytes, work } = await trainingFootprint(
      model,
      only,
      planning,
      trainState(model.draw(planning, 0)),
    );
    const step = work[0].costs.reduce((sum, cost) => sum + cost.multiplyAdds, 0);
    expect(step).to.be.within(2.5 * forward + before, 3 * (forward + before));
    expect(bytes).to.be.above(4 * 4 * model.parameters);
  });
});
