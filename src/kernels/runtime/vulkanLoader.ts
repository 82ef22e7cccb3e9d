/** libvulkan.so.1, which Dawn opens by that name on Linux. */
import { constants } from 'node:os';
import { DeviceError } from './deviceError.js';
import { swiftShader } from './swiftshader.js';

/** dlopen's flag "stay in memory after dlclose", which Node closes with; it has no name in os.constants. */
const RTLD_NODELETE = 0x1000;

/** Loads a shared library that is no Node addon, for good. Returns whether it could be found. */
function preload(library: string): boolean {
  try {
    process.dlopen(
      { exports: {} },
      library,
      constants.dlopen.RTLD_NOW | constants.dlopen.RTLD_GLOBAL | RTLD_NODELETE,
    );
    return true;
  } catch (error) {
    // "Did not self-register" means that it was loaded and is no addon, which is what we want.
    return error instanceof Error && error.message.includes('self-register');
  }
}

/** The loader that comes with SwiftShader. */
function preloadShipped(): boolean {
  try {
    return preload(swiftShader().loader);
  } catch (error) {
    if (error instanceof DeviceError) return false;
    throw error;
  }
}

let present: boolean | undefined;

/**
 * Makes sure that Dawn will find a Vulkan loader: the system's, else the one that comes with SwiftShader.
 * The latter is opened by its path; a later dlopen('libvulkan.so.1') then finds it by its soname, so neither
 * LD_LIBRARY_PATH nor a second process is needed.
 * @throws DeviceError if there is neither.
 */
export function ensureVulkanLoader(): void {
  present ??= preload('libvulkan.so.1') || preloadShipped();
  if (!present) throw new DeviceError('there is no Vulkan loader (libvulkan.so.1); install libvulkan1');
}
