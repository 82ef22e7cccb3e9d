import { allPhrases, sceneWords } from '../data/index.js';
import { defaultDiffusion, type DiffusionConfig } from '../diffusion/index.js';
import {
  type PixelCondenserConfig,
  presets,
  type SemanticDistillerConfig,
  smallDistiller,
} from '../model/index.js';

export type PresetName = keyof typeof presets;

export const presetNames = Object.keys(presets) as PresetName[];

/** The network that semantics come from. */
export interface DistillerSpec {
  readonly config: SemanticDistillerConfig;
  /** V of (8): the phrases that queries are compared with. */
  readonly vocabulary: readonly string[];
}

/** What a model is, without its weights: all that a file of weights must say. */
export interface ModelSpec {
  /** The preset that it was made from, for people: the fields below decide. */
  readonly preset: string;
  readonly network: PixelCondenserConfig;
  readonly diffusion: DiffusionConfig;
  /** There if and only if the network has semantics. */
  readonly distiller?: DistillerSpec;
}

/** A distiller of our own size, with tokens and features of the channels that a network wants. */
const sceneDistiller = ({
  tokenChannels,
  featureChannels,
}: PixelCondenserConfig['semantics']): SemanticDistillerConfig => ({
  ...smallDistiller,
  tokenChannels,
  features: featureChannels,
  words: sceneWords,
});

/**
 * A preset with some of its fields replaced.
 *
 * @param overrides `field=value`, `branch.field=value` or `diffusion.field=value`: `components.mfsa=false`; arrays as
 *   JSON: `channels=[16,16,24,24]`
 * @param distiller where semantics come from, and how many channels they have; if left out, one of our own size with
 *   as many channels as the preset says
 * @throws RangeError for a field that the preset lacks, or a value of another kind
 */
export function modelSpec(
  preset: PresetName,
  overrides: readonly string[] = [],
  distiller?: SemanticDistillerConfig,
): ModelSpec {
  const { semantics, ...rest } = presets[preset];
  const channels = distiller && {
    tokenChannels: distiller.tokenChannels,
    featureChannels: distiller.features,
  };
  const fields: Branch = structuredClone({
    ...rest,
    semantics: { ...semantics, ...channels },
    diffusion: defaultDiffusion,
  });
  overrides.forEach((override) => {
    replaceField(fields, override);
  });
  const { diffusion, ...network } = fields as unknown as PixelCondenserConfig & {
    diffusion: DiffusionConfig;
  };
  if (!network.components.semantic) return { preset, network, diffusion };
  const config = distiller ?? sceneDistiller(network.semantics);
  return { preset, network, diffusion, distiller: { config, vocabulary: allPhrases } };
}

type Branch = Record<string, unknown>;

const isBranch = (value: unknown): value is Branch =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Replaces one field in place. */
function replaceField(fields: Branch, override: string): void {
  const at = override.indexOf('=');
  const [path, text] = [override.slice(0, Math.max(0, at)), override.slice(at + 1)];
  if (!fieldPaths(fields).includes(path))
    throw new RangeError(
      `${override}: expected FIELD=VALUE with FIELD one of ${fieldPaths(fields).join(', ')}`,
    );
  const keys = path.split('.');
  const last = keys.pop()!;
  const branch = keys.reduce((node, key) => node[key] as Branch, fields);
  const value = valueOf(text);
  if (kindOf(value) !== kindOf(branch[last]))
    throw new RangeError(`${override}: expected a value like ${JSON.stringify(branch[last])}, got ${text}`);
  branch[last] = value;
}

/** `channels`, `components.mfsa`, …: every field that is no branch. */
const fieldPaths = (fields: Branch): string[] =>
  Object.entries(fields).flatMap(([key, value]) =>
    isBranch(value) ? fieldPaths(value).map((path) => `${key}.${path}`) : [key],
  );

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text; // a name, which JSON would want in quotes
  }
}

const kindOf = (value: unknown): string =>
  Array.isArray(value) ? `[${value.map(kindOf).join()}]` : typeof value;
