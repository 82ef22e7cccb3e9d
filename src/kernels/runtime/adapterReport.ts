import { findAdapter } from './adapters.js';
import { deviceKinds, type DeviceKind } from './deviceChoice.js';

/** The limits that kernels and memory planning look at. */
export const limitNames = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxUniformBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
] as const;

/** Bytes, or counts, as WebGPU defines them. */
export type DeviceLimits = Readonly<Record<(typeof limitNames)[number], number>>;

/** The features that kernels and benches use where they are. */
export const featureNames = ['subgroups', 'shader-f16', 'timestamp-query'] as const;

export type DeviceFeature = (typeof featureNames)[number];

/** The least and the greatest number of lanes in a subgroup. */
export interface SubgroupSizes {
  readonly min: number;
  readonly max: number;
}

/** What `seeclear doctor` prints of one kind of device. */
export type AdapterReport =
  | {
      readonly kind: DeviceKind;
      readonly available: true;
      readonly description: string;
      readonly limits: DeviceLimits;
      readonly features: readonly DeviceFeature[];
      readonly subgroups: SubgroupSizes | undefined;
    }
  | { readonly kind: DeviceKind; readonly available: false; readonly reason: string };

/** The limits of interest out of an adapter's or a device's. */
export const limitsOf = (limits: GPUSupportedLimits): DeviceLimits =>
  Object.fromEntries(limitNames.map((name) => [name, limits[name]])) as DeviceLimits;

/** The features of interest that are present. */
export const featuresOf = (features: GPUSupportedFeatures): DeviceFeature[] =>
  featureNames.filter((name) => features.has(name));

/** The subgroup sizes, or undefined where there are no subgroups. */
export function subgroupsOf(adapter: Pick<GPUAdapter, 'features' | 'info'>): SubgroupSizes | undefined {
  const { subgroupMinSize: min, subgroupMaxSize: max } = adapter.info;
  return adapter.features.has('subgroups') && min && max ? { min, max } : undefined;
}

/** One line that names an adapter and its driver with the driver's version. */
export function describeAdapter(kind: DeviceKind, info: GPUAdapterInfo): string {
  if (kind !== 'gpu') return `${kind} on the CPU (${info.description})`;
  const name = [info.vendor, info.architecture, info.device].filter(Boolean).join(' ');
  return info.description ? `${name} (${info.description})` : name;
}

/** Every kind of device, best first: what it is, or why it is not there and what to install. */
export async function listAdapters(): Promise<AdapterReport[]> {
  const reports: AdapterReport[] = [];
  for (const kind of deviceKinds) {
    const found = await findAdapter(kind);
    if ('reason' in found) {
      reports.push({ kind, available: false, reason: found.reason });
      continue;
    }
    const { adapter } = found;
    reports.push({
      kind,
      available: true,
      description: describeAdapter(kind, adapter.info),
      limits: limitsOf(adapter.limits),
      features: featuresOf(adapter.features),
      subgroups: subgroupsOf(adapter),
    });
  }
  return reports;
}
