import { expect } from 'chai';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { proceduralSource, readPng, writePng } from '../../src/data/index.js';
import { expectWellFormed } from '../plot/xml.js';
import { run } from './run.js';

describe('seeclear plot', () => {
  let root: string;
  const at = (...parts: string[]): string => join(root, ...parts);
  before(() => {
    root = mkdtempSync(join(tmpdir(), 'seeclear-'));
    writePng(at('frame.png'), proceduralSource(1).clip(0, 1, 40)[0]);
  });
  after(() => rmSync(root, { recursive: true }));

  it('writes all pictures, prints where they are, and the claims as a table', async () => {
    const { status, out, err } = await run(['plot', '-o', at('all'), '--frame', at('frame.png')]);
    expect([status, err]).to.deep.equal([0, []]);
    const files = out.filter((line) => line.startsWith(at('all')));
    expect(files.length).to.equal(9);
    files.filter((f) => f.endsWith('.svg')).forEach((f) => expectWellFormed(readFileSync(f, 'utf8')));
    expect(readPng(at('all', 'forward.png')).height).to.equal(4 * (32 + 4) - 4);
    const claims = out.filter((line) => /^B[123] /.test(line));
    expect(claims.length).to.equal(16);
    claims.forEach((line) => expect(line).to.match(/(holds|does not hold|no difference)$/));
  });

  it('draws one picture with --only, of the process that --set describes, the same every time', async () => {
    const draw = async (folder: string, ...more: string[]): Promise<string> => {
      const { status, out } = await run(['plot', '-o', at(folder), '--only', 'eta', '--json', ...more]);
      expect(status).to.equal(0);
      expect(JSON.parse(out.join())).to.deep.equal({ files: [at(folder, 'eta.svg')], findings: [] });
      return readFileSync(at(folder, 'eta.svg'), 'utf8');
    };
    const plain = await draw('one');
    expect(await draw('two')).to.equal(plain);
    expect(await draw('three', '--set', 'T=4'))
      .to.include('T = 4')
      .and.not.to.equal(plain);
  });

  const refused: Record<string, [status: number, message: RegExp, ...argv: string[]]> = {
    'no folder': [2, /expected -o FOLDER/],
    'a picture that there is not': [2, /--only: expected one of eta, .*got 'heat'/, '-o', 'OUT', '--only', 'heat'],
    'a field that there is not': [2, /--set: diffusion\.q=1: expected FIELD=VALUE/, '-o', 'OUT', '--set', 'q=1'],
    'a process that cannot be': [2, /--set: T must be an integer/, '-o', 'OUT', '--set', 'T=1'],
    'a frame that is missing': [3, /none\.png: /, '-o', 'OUT', '--frame', 'none.png'],
    'a frame that is too small': [3, /expected at least 64 x 64 pixels, got 40 x 40/, '-o', 'OUT', '--frame', 'FRAME', '--set', 'p=16'],
    'a folder that cannot be made': [3, /expected a folder to write to, got/, '-o', 'FRAME'],
  }; // prettier-ignore
  for (const [what, [wanted, message, ...argv]] of Object.entries(refused))
    it(`refuses ${what} with one line: status ${wanted}`, async () => {
      const places: Record<string, string> = { OUT: at('out'), FRAME: at('frame.png') };
      const { status, out, err } = await run(['plot', ...argv.map((arg) => places[arg] ?? arg)]);
      expect([status, out, err.length]).to.deep.equal([wanted, [], 1]);
      expect(err[0]).to.match(message);
      expect(existsSync(at('out'))).to.equal(false);
    });
});
