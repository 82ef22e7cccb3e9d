/** The Vulkan drivers of a Linux system, as the Vulkan loader finds them: manifests in well-known folders. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { setting } from './environment.js';

type Env = NodeJS.ProcessEnv;

/** The drivers that the user prescribes, if any. Then no others are looked for. */
export const prescribedDrivers = (env: Env = process.env): string | undefined =>
  [env.VK_DRIVER_FILES, env.VK_ICD_FILENAMES].find(Boolean);

/** The folders that the Vulkan loader searches for manifests. */
function manifestFolders(env: Env): string[] {
  const home = setting('HOME', homedir(), env);
  const roots = [
    setting('XDG_CONFIG_HOME', join(home, '.config'), env),
    ...setting('XDG_CONFIG_DIRS', '/etc/xdg', env).split(':'),
    '/etc',
    setting('XDG_DATA_HOME', join(home, '.local/share'), env),
    ...setting('XDG_DATA_DIRS', '/usr/local/share:/usr/share', env).split(':'),
  ];
  return roots.map((root) => join(root, 'vulkan/icd.d'));
}

/** The manifests of all drivers that the Vulkan loader would try. */
export function installedDrivers(env: Env = process.env): string[] {
  const named = (prescribedDrivers(env) ?? env.VK_ADD_DRIVER_FILES ?? '').split(':').filter(existsSync);
  if (prescribedDrivers(env)) return named;
  const found = manifestFolders(env)
    .filter(existsSync)
    .flatMap((folder) => readdirSync(folder).map((file) => join(folder, file)));
  return [...named, ...found.filter((file) => file.endsWith('.json'))];
}

/** The library that a manifest names, where a bare name means one of the system's library folders. */
function libraryOf(manifest: string): string | undefined {
  const { ICD } = JSON.parse(readFileSync(manifest, 'utf8')) as { ICD?: { library_path?: string } };
  const path = ICD?.library_path;
  if (!path) return undefined;
  if (path.includes('/')) return resolve(dirname(manifest), path);
  const folders = [
    '/usr/lib/x86_64-linux-gnu',
    '/usr/lib/aarch64-linux-gnu',
    '/usr/lib64',
    '/usr/lib',
    '/usr/local/lib',
  ];
  return folders.map((folder) => join(folder, path)).find(existsSync);
}

/** The version of Mesa among `manifests` whose lavapipe this is, such as '22.3.6'; undefined if unknown. */
export function lavapipeVersion(manifests: readonly string[]): string | undefined {
  const manifest = manifests.find((file) => /^lvp_icd.*\.json$/.test(basename(file)));
  if (!manifest) return undefined;
  try {
    const library = libraryOf(manifest);
    return library && /Mesa (\d+\.\d+\.\d+)/.exec(readFileSync(library, 'latin1'))?.[1];
  } catch {
    return undefined;
  }
}

/**
 * Calls `use` while the Vulkan loader sees just the driver of `manifest`. Dawn reads the variables in the
 * first, synchronous part of its first requestAdapter(), so `use` has to make that call before it awaits.
 */
export function withDriver<T>(manifest: string, use: () => T): T {
  // Loaders before 1.3.207 know the second name only.
  const names = ['VK_DRIVER_FILES', 'VK_ICD_FILENAMES'] as const;
  const before = names.map((name) => process.env[name]);
  for (const name of names) process.env[name] = manifest;
  try {
    return use();
  } finally {
    names.forEach((name, i) => {
      if (before[i] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = before[i];
    });
  }
}
