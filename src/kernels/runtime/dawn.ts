/** Dawn's Node bindings. Loaded on first use only, so that the CPU backend works where their binary does not. */
import { DeviceError } from './deviceError.js';

/** Node aborts if what create() returned is collected while it is in use, so all of it is kept. */
const instances = new Map<string, GPU>();

/** The instance of Dawn that was made with `flags`, such as `adapter=llvmpipe`. @throws DeviceError if Dawn cannot be loaded. */
export async function dawn(flags: readonly string[]): Promise<GPU> {
  const { create, globals } = await load();
  const key = flags.join(' ');
  const known = instances.get(key);
  if (known) return known;
  // GPUBufferUsage, GPUMapMode and the like, as a browser has them.
  Object.assign(globalThis, globals);
  const instance = create([...flags]);
  instances.set(key, instance);
  return instance;
}

async function load(): Promise<{ create: (flags: string[]) => GPU; globals: object }> {
  try {
    return await import('webgpu');
  } catch (error) {
    const [why] = String(error instanceof Error ? error.message : error).split('\n');
    throw new DeviceError(
      `the binary of the npm package webgpu cannot be loaded here (${why}); --device cpu works without it`,
    );
  }
}
