import { expect } from 'chai';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder, swiftShader } from '../../../src/kernels/runtime/swiftshader.js';
import { untar } from '../../../src/kernels/runtime/tar.js';
import { installedDrivers, lavapipeVersion, withDriver } from '../../../src/kernels/runtime/vulkanDrivers.js';

/** A tar archive of one file, written after the format's definition (POSIX.1-1988). */
function tarOf(name: string, content: string, type = '0'): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write(' '.repeat(8), 148);
  header.write(type, 156);
  header.write(
    `${header
      .reduce((a, b) => a + b)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
  );
  const body = Buffer.alloc(Math.ceil(content.length / 512) * 512);
  body.write(content);
  return Buffer.concat([header, body]);
}

describe('untar', () => {
  const end = Buffer.alloc(1024);

  it('reads files of every length around a block', () => {
    for (const length of [0, 1, 511, 512, 513, 2000]) {
      const archive = Buffer.concat([
        tarOf('a', 'x'.repeat(length)),
        tarOf('b/', '', '5'),
        tarOf('c', 'last'),
        end,
      ]);
      const files = [...untar(archive)].map(([name, bytes]) => [name, bytes.toString()]);
      expect(files).to.deep.equal([
        ['a', 'x'.repeat(length)],
        ['c', 'last'],
      ]);
    }
  });

  it('refuses what is damaged, cut short or written in another dialect', () => {
    const damaged = tarOf('a', 'x');
    damaged[0] ^= 1;
    expect(() => untar(damaged)).to.throw('bad header at byte 0');
    expect(() => untar(tarOf('a', 'x'.repeat(600)).subarray(0, 1024))).to.throw('a is cut short');
    expect(() => untar(tarOf('a', 'x', 'L'))).to.throw('long names');
  });
});

describe('Vulkan drivers', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'seeclear-test-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (path: string, content: string): string => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), content);
    return join(folder, path);
  };

  it('are found where the Vulkan loader finds them', () => {
    const manifest = write('share/vulkan/icd.d/some_icd.json', '{}');
    write('share/vulkan/icd.d/README', '');
    expect(installedDrivers({ XDG_DATA_DIRS: `/nowhere:${join(folder, 'share')}` })).to.include(manifest);
    expect(installedDrivers({ XDG_DATA_HOME: join(folder, 'share') })).to.include(manifest);
    expect(installedDrivers({ VK_ADD_DRIVER_FILES: manifest })).to.include(manifest);
  });

  it('are only those that the user prescribes, if any', () => {
    const manifest = write('mine.json', '{}');
    expect(installedDrivers({ VK_DRIVER_FILES: manifest })).to.deep.equal([manifest]);
    expect(installedDrivers({ VK_ICD_FILENAMES: `${manifest}:/no/such.json` })).to.deep.equal([manifest]);
    expect(installedDrivers({ VK_DRIVER_FILES: '/no/such.json' })).to.deep.equal([]);
  });

  it('lavapipe tells its version, or nothing', () => {
    write('lib/libvulkan_lvp.so', '\x7fELF\0\0Mesa 22.3.6 (LLVM 15.0.6)\0');
    const manifest = write('lvp_icd.x86_64.json', '{"ICD": {"library_path": "lib/libvulkan_lvp.so"}}');
    expect(lavapipeVersion([manifest])).to.equal('22.3.6');
    expect(lavapipeVersion([write('lvp_icd.json', '{')])).to.equal(undefined);
    expect(lavapipeVersion([write('lvp_icd.i686.json', '{"ICD": {"library_path": "gone.so"}}')])).to.equal(
      undefined,
    );
    expect(lavapipeVersion([write('radeon_icd.json', '{}')])).to.equal(undefined);
  });

  it('withDriver() changes the environment for the call only', () => {
    const seen = (): (string | undefined)[] => [process.env.VK_DRIVER_FILES, process.env.VK_ICD_FILENAMES];
    const before = seen();
    expect(withDriver('/some.json', seen)).to.deep.equal(['/some.json', '/some.json']);
    expect(seen()).to.deep.equal(before);
    const failing = (): never => {
      throw new Error('no');
    };
    expect(() => withDriver('/some.json', failing)).to.throw('no');
    expect(seen()).to.deep.equal(before);
  });

  it('SwiftShader is unpacked once into the cache folder', function () {
    if (process.platform !== 'linux' || process.arch !== 'x64') this.skip();
    const env = { XDG_CACHE_HOME: folder };
    const { manifest, loader } = swiftShader(env);
    expect(manifest).to.match(new RegExp(`^${folder}/seeclear/swiftshader-[0-9.]+/`));
    expect(JSON.parse(readFileSync(manifest, 'utf8'))).to.have.nested.property('ICD.library_path');
    expect(readFileSync(loader).toString('latin1', 1, 4)).to.equal('ELF');
    const { mtimeMs } = statSync(loader);
    expect(swiftShader(env)).to.deep.equal({ manifest, loader });
    expect(statSync(loader).mtimeMs).to.equal(mtimeMs);
  });

  it('the cache folder moves to a private temporary one where it cannot be written', () => {
    const file = write('file', '');
    const fallback = cacheFolder({ XDG_CACHE_HOME: join(file, 'cache') });
    expect(fallback.startsWith(join(tmpdir(), 'seeclear-'))).to.equal(true);
    expect(statSync(fallback).mode & 0o077).to.equal(0);
  });
});
