/**
 * SwiftShader, Google's Vulkan driver for the CPU, out of an npm package: no root and no system package
 * needed. The package holds it packed, with a Vulkan loader; it is unpacked once per user.
 */
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { homedir, tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { DeviceError } from './deviceError.js';
import { setting } from './environment.js';
import { untar } from './tar.js';

/** Where the unpacked files lie. */
export interface SwiftShader {
  /** The Vulkan driver's manifest. */
  readonly manifest: string;
  /** A Vulkan loader, for machines without one. */
  readonly loader: string;
}

const files = {
  manifest: 'vk_swiftshader_icd.json',
  loader: 'libvulkan.so.1',
  driver: 'libvk_swiftshader.so',
};

/** The folder of the npm package that carries SwiftShader. */
function packageFolder(): string {
  try {
    const main = createRequire(import.meta.url).resolve('@sparticuz/chromium');
    return dirname(dirname(dirname(main)));
  } catch {
    throw new DeviceError('SwiftShader is missing: run npm ci, which installs @sparticuz/chromium');
  }
}

/** A folder in the system's temporary one that nobody else can write to. */
function privateTemporaryFolder(): string {
  const { uid } = userInfo();
  const folder = join(tmpdir(), `seeclear-${uid}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  if (!found.isDirectory() || found.uid !== uid) throw new Error(`${folder} belongs to another user`);
  chmodSync(folder, 0o700);
  return folder;
}

/** The user's cache folder for this project, or a temporary one where that cannot be written. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const wanted = join(setting('XDG_CACHE_HOME', join(homedir(), '.cache'), env), 'seeclear');
  try {
    mkdirSync(wanted, { recursive: true });
    rmSync(mkdtempSync(join(wanted, 'probe-')), { recursive: true });
    return wanted;
  } catch {
    return privateTemporaryFolder();
  }
}

/** Writes SwiftShader's files into `folder`, which appears complete or not at all. */
function unpack(archive: string, folder: string): void {
  const packed = untar(brotliDecompressSync(readFileSync(archive)));
  const draft = mkdtempSync(`${folder}.`);
  try {
    for (const name of Object.values(files)) {
      const bytes = packed.get(name);
      if (!bytes) throw new Error(`${archive} holds no ${name}`);
      writeFileSync(join(draft, name), bytes);
    }
    renameSync(draft, folder);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    // Another process may have been faster; its folder is as good.
    if (!existsSync(join(folder, files.driver))) throw error;
  }
}

/** SwiftShader's files, unpacked on first use. @throws DeviceError where it does not run or cannot be unpacked. */
export function swiftShader(env: NodeJS.ProcessEnv = process.env): SwiftShader {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new DeviceError(
      `SwiftShader is for Linux on x64, and this is ${process.platform} on ${process.arch}`,
    );
  }
  const source = packageFolder();
  try {
    const { version } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as { version: string };
    const folder = join(cacheFolder(env), `swiftshader-${version}`);
    if (!existsSync(join(folder, files.driver))) unpack(join(source, 'bin', 'swiftshader.tar.br'), folder);
    return { manifest: join(folder, files.manifest), loader: join(folder, files.loader) };
  } catch (error) {
    throw new DeviceError(
      `SwiftShader cannot be unpacked: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
