/** Finds the adapter of each kind of device, or says why there is none and what to install. */
import { dawn } from './dawn.js';
import type { DeviceKind } from './deviceChoice.js';
import { DeviceError } from './deviceError.js';
import { swiftShader } from './swiftshader.js';
import { installedDrivers, lavapipeVersion, prescribedDrivers, withDriver } from './vulkanDrivers.js';
import { ensureVulkanLoader } from './vulkanLoader.js';

/** An adapter of a known kind, or the reason why there is none. */
export type Finding =
  { readonly adapter: GPUAdapter; readonly kind: DeviceKind } | { readonly reason: string };

/** What of an adapter's info tells its kind. */
export type AdapterIdentity = Pick<
  GPUAdapterInfo,
  'vendor' | 'architecture' | 'device' | 'isFallbackAdapter'
>;

const INSTALL_GPU = "install the Vulkan driver of the GPU's vendor";
const INSTALL_LAVAPIPE =
  'install mesa-vulkan-drivers 23 or later and libvulkan1 (on Debian 12 from bookworm-backports)';

/**
 * The kind of an adapter. None for Dawn's null backend, which runs nothing and returns garbage without a
 * word, and none for software renderers that this project has not been tried on.
 */
export function kindOf(info: AdapterIdentity): DeviceKind | undefined {
  if (info.device === 'null-backend' || (!info.vendor && !info.architecture && !info.device))
    return undefined;
  if (info.device.startsWith('llvmpipe')) return 'lavapipe';
  if (info.architecture === 'swiftshader') return 'swiftshader';
  return info.isFallbackAdapter ? undefined : 'gpu';
}

/** Why Dawn has no adapter of this kind, as far as the installed drivers tell, and what to do. */
function whyNone(wanted: 'any' | DeviceKind): string {
  const prescribed = prescribedDrivers();
  if (prescribed) return `VK_DRIVER_FILES or VK_ICD_FILENAMES allows only ${prescribed}, which gives none`;
  if (process.platform !== 'linux') return 'Dawn finds no hardware adapter';
  if (wanted === 'swiftshader') return 'Dawn finds no adapter in the driver that npm installed';
  const install = wanted === 'gpu' ? INSTALL_GPU : INSTALL_LAVAPIPE;
  const drivers = installedDrivers();
  if (drivers.length === 0) return `no Vulkan driver is installed; ${install}`;
  const version = wanted === 'gpu' ? undefined : lavapipeVersion(drivers);
  if (version && Number.parseInt(version) < 23) return `Mesa ${version} is too old for Dawn; ${install}`;
  return `Dawn finds no ${wanted === 'gpu' ? 'hardware ' : ''}adapter among the installed drivers; ${install}`;
}

/** Asks Dawn for one adapter. With `manifest`, Vulkan sees that driver only. */
async function request(flags: readonly string[], manifest?: string): Promise<GPUAdapter | undefined> {
  const instance = await dawn(flags);
  const ask = () => instance.requestAdapter({ powerPreference: 'high-performance' });
  try {
    return (await (manifest ? withDriver(manifest, ask) : ask())) ?? undefined;
  } catch {
    // With an adapter= flag that matches none, Dawn throws a list of those that there are.
    return undefined;
  }
}

/** What makes Dawn prefer an adapter. */
const flags = {
  any: [],
  gpu: [],
  lavapipe: ['adapter=llvmpipe'],
  swiftshader: ['adapter=SwiftShader'],
} as const;

async function find(wanted: 'any' | DeviceKind): Promise<Finding> {
  const shipped = wanted === 'swiftshader' && !prescribedDrivers() ? swiftShader() : undefined;
  if (process.platform === 'linux') {
    // Asked without any driver, Dawn would say no as well, but also print warnings.
    if (!shipped && installedDrivers().length === 0) return { reason: whyNone(wanted) };
    ensureVulkanLoader();
  }
  const adapter = await request(flags[wanted], shipped?.manifest);
  const kind = adapter && kindOf(adapter.info);
  return kind && (wanted === 'any' || wanted === kind) ? { adapter, kind } : { reason: whyNone(wanted) };
}

/** The adapter of one kind, or with 'any' Dawn's first choice, which is hardware where there is some. */
export async function findAdapter(wanted: 'any' | DeviceKind): Promise<Finding> {
  try {
    return await find(wanted);
  } catch (error) {
    if (error instanceof DeviceError) return { reason: error.message };
    throw error;
  }
}
