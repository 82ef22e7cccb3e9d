import { expect } from 'chai';
import { asksCarriedMemory, stageAt, stageNames, type StagesConfig, stepsOf } from '../../src/train/index.js';
import { trains } from '../../src/train/stages.js';
import { presets } from '../../src/model/index.js';

const stagesOf = (...steps: number[]): StagesConfig => {
  const stage = (i: number) => ({ steps: steps[i], lr: 10 ** -i, lrEnd: 0 });
  return { condenser: stage(0), memory: stage(1), joint: stage(2) };
};
const { components } = presets.tiny;

describe('SeeClear (training stages): which step belongs to which', () => {
  it('gives each stage its steps, in order, with its learning rate', () => {
    const stages = stagesOf(3, 2, 1);
    const all = Array.from({ length: stepsOf(stages) }, (_, step) => stageAt(stages, step));
    expect(all.map(({ name, first }) => `${name} from ${first}`)).to.deep.equal([
      ...new Array<string>(3).fill('condenser from 0'),
      ...new Array<string>(2).fill('memory from 3'),
      'joint from 5',
    ]);
    expect(all.map(({ lr }) => lr)).to.deep.equal([1, 1, 1, 0.1, 0.1, 0.01]);
  });

  it('leaves out stages without steps, and stays in the last one', () => {
    expect([0, 1, 2, 9].map((step) => stageAt(stagesOf(0, 2, 0), step).name)).to.deep.equal(
      new Array(4).fill('memory'),
    );
    expect([0, 1, 2].map((step) => stageAt(stagesOf(1, 0, 1), step).name)).to.deep.equal([
      'condenser',
      'joint',
      'joint',
    ]);
  });
});

describe('SeeClear (training stages): what is trained', () => {
  const paths = ['convIn.weight', 'middle.0.spatial.position', 'instance.queries', 'category.textures'];
  const trainedIn = (more: Partial<typeof components> = {}) =>
    stageNames.map((stage) => paths.filter((path) => trains(stage, path, { ...components, ...more })));

  it('is all but CaTeGory, then CaTeGory alone, then everything', () =>
    expect(trainedIn()).to.deep.equal([paths.slice(0, 3), paths.slice(3), paths]));

  it('counts the tokens of the clip to CaTeGory where nothing else asks them', () =>
    expect(trainedIn({ incam: false })).to.deep.equal([paths.slice(0, 2), paths.slice(2), paths]));

  it('lets every other step with a memory have second clips', () => {
    const odd = [0, 1, 2, 3].filter((step) => asksCarriedMemory('memory', step));
    expect(odd).to.deep.equal([1, 3]);
    expect([0, 1, 2, 3].some((step) => asksCarriedMemory('condenser', step))).to.equal(false);
  });
});
