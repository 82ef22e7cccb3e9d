import { expect } from 'chai';
import { commands } from '../../src/cli/commands.js';
import { run } from './run.js';

describe('the command line', () => {
  it('lists every command with --help, and without a command as an error', async () => {
    const { status, out } = await run(['--help']);
    expect(status).to.equal(0);
    for (const { name, summary } of commands) expect(out.join('\n')).to.include(name).and.to.include(summary);
    const bare = await run([]);
    expect([bare.status, bare.out]).to.deep.equal([2, []]);
    expect(bare.err.join('\n')).to.equal(out.join('\n'));
  });

  it('refuses a command that there is not, naming those there are', async () => {
    const { status, out, err } = await run(['uspcale']);
    expect([status, out.length, err.length]).to.deep.equal([2, 0, 1]);
    expect(err[0]).to.include("got 'uspcale'").and.to.include('upscale, eval, train');
  });

  for (const { name } of commands) {
    it(`${name} --help prints usage, every option and exit codes, and nothing else`, async () => {
      const { status, out, err } = await run([name, '--help']);
      expect([status, err]).to.deep.equal([0, []]);
      const text = out.join('\n');
      expect(text).to.match(new RegExp(`^usage: seeclear ${name}`));
      expect(text)
        .to.match(/--json /)
        .and.to.match(/-h, --help/)
        .and.to.include('130 interrupted');
      text.split('\n').forEach((line) => expect(line.length, line).to.be.at.most(160));
    });

    it(`${name} refuses an unknown option with one line`, async () => {
      const { status, out, err } = await run([name, '--nonsense']);
      expect([status, out.length, err.length]).to.deep.equal([2, 0, 1]);
      expect(err[0]).to.include('--nonsense').and.to.include(`seeclear ${name} --help`);
    });
  }

  const wrong: Record<string, string[]> = {
    'a device that there is not': ['eval', '--procedural', '1', '--device', 'gpus'],
    'no output folder': ['upscale', 'in'],
    'no input folder': ['upscale', '-o', 'out'],
    'too many arguments': ['upscale', 'a', 'b', '-o', 'out'],
    'a seed that is no number': ['upscale', 'a', '-o', 'out', '--seed', 'x'],
    'a sampler that there is not': ['upscale', 'a', '-o', 'out', '--sampler', 'ddim'],
    'nothing to evaluate': ['eval'],
    'no folder for a run': ['train'],
    'a preset that there is not': ['train', '--out', 'x', '--preset', 'huge'],
    'a field that the preset lacks': ['train', '--out', 'x', '--set', 'depth=3'],
    'a value of another kind': ['train', '--out', 'x', '--set', 'groups=many'],
    'a model that cannot be built': ['train', '--out', 'x', '--set', 'diffusion.kappa=-1'],
    'a crop that does not fit': ['train', '--out', 'x', '--crop', '100'],
    'one number of steps for three stages': ['train', '--out', 'x', '--steps', '10'],
    'three numbers of steps for a network without CaTeGory': [
      'train', '--out', 'x', '--steps', '10,10,10', '--set', 'components.category=false',
    ],
    'no step at all': ['train', '--out', 'x', '--steps', '0,0,0'],
    'passes that do not fill the batch': ['train', '--out', 'x', '--batch', '8', '--micro', '3'],
    'two learning rates': ['train', '--out', 'x', '--lr', '1e-3,1e-4'],
    'more frames than the network takes': ['train', '--out', 'x', '--frames', '6'],
    'an option without its value': ['train', '--out'],
  }; // prettier-ignore
  for (const [what, argv] of Object.entries(wrong))
    it(`${what}: status 2 and one line`, async () => {
      const { status, out, err } = await run(argv);
      expect(err.length, err.join('\n')).to.equal(1);
      expect([status, out]).to.deep.equal([2, []]);
      expect(err[0]).to.match(new RegExp(`^seeclear ${argv[0]}: .*\\(see seeclear ${argv[0]} --help\\)$`));
    });
});
