/** The paper's ablations as changes to a preset: one code path, each a legal model. */

/** One row of one of the paper's tables. */
export interface Ablation {
  /** `table.row`, as the paper counts: `2.4`. */
  readonly name: string;
  /** What this variant is. */
  readonly what: string;
  /** Fields of a preset that differ from the whole network, as `modelSpec` takes them. */
  readonly overrides: readonly string[];
}

const without = (...components: readonly string[]): string[] =>
  components.map((component) => `components.${component}=false`);

const baseline = without('semantic', 'mfsa', 'incam', 'category');
const row = (name: string, what: string, ...overrides: readonly string[]): Ablation => ({
  name,
  what,
  overrides,
});

/**
 * Table 2: the semantic control, part by part. The columns of rows 5 and 6 are our reading (docs/deviations.md, I14).
 * Table 4: blur and attention, of a network without semantics; its models have names of other works there, of which
 * we keep what sets them apart.
 *
 * @setting SeeClear (Table 2)
 * @setting SeeClear (Table 4)
 */
// prettier-ignore
export const ablations: readonly Ablation[] = [
  row('2.1', 'baseline', ...baseline),
  row('2.2', '+ semantic', ...without('mfsa', 'incam', 'category')),
  row('2.3', '+ semantic + MFSA', ...without('incam', 'category')),
  row('2.4', '+ semantic + MFSA + InCAM', ...without('category')),
  row('2.5', '+ semantic + CaTeGory', ...without('mfsa', 'incam')),
  row('2.6', '+ semantic + MFSA + CaTeGory', ...without('incam')),
  row('2.7', 'all'),
  row('4.1', 'no blur, wavelets without attention (WaveDiff)', ...baseline, ...without('attention'), 'diffusion.sigmaB2Max=0'),
  row('4.2', 'σ_B² = 2, wavelets without attention', ...baseline, ...without('attention'), 'diffusion.sigmaB2Max=2'),
  row('4.3', 'σ_B² = 3, wavelets without attention', ...baseline, ...without('attention'), 'diffusion.sigmaB2Max=3'),
  row('4.4', 'no blur, attention in pixels (SwinUNet)', ...baseline, ...without('dwt'), 'diffusion.sigmaB2Max=0'),
  row('4.5', 'σ_B² = 2, attention in wavelets (SeeClear)', ...baseline, 'diffusion.sigmaB2Max=2'),
];
