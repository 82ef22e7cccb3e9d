/** The stages of training: which steps they take, and what each of them trains. */
import type { Components } from '../model/index.js';

export const stageNames = ['condenser', 'memory', 'joint'] as const;

export type StageName = (typeof stageNames)[number];

/** How one stage goes. */
export interface StageConfig {
  /** Steps of the optimiser; 0 leaves the stage out. */
  readonly steps: number;
  /** learning rate after the warm-up */
  readonly lr: number;
  /** learning rate of the last step */
  readonly lrEnd: number;
}

/** The stages of a run, which come one after the other. */
export type StagesConfig = Readonly<Record<StageName, StageConfig>>;

/** The stage that a step belongs to. */
export interface Stage extends StageConfig {
  readonly name: StageName;
  /** Its first step; steps are counted from 0 over all stages. */
  readonly first: number;
}

export const stepsOf = (stages: StagesConfig): number =>
  stageNames.reduce((sum, name) => sum + stages[name].steps, 0);

/**
 * The stage of a step:
 *
 *   condenser   all but CaTeGory, with instance semantics; the network runs without a memory
 *   memory      CaTeGory alone; the rest is frozen
 *   joint       everything
 *
 * @param step from 0; what is after the last step counts to the last stage
 * @param stages one of them at least has steps
 * @setting SeeClear (training stages)
 */
export function stageAt(stages: StagesConfig, step: number): Stage {
  let first = 0;
  const all = stageNames.map((name): Stage => {
    const stage = { ...stages[name], name, first };
    first += stage.steps;
    return stage;
  });
  return all.findLast((stage) => stage.steps > 0 && stage.first <= step)!;
}

/** Whether a stage trains the condenser's parameter with this path. */
export const trains = (stage: StageName, path: string, components: Components): boolean =>
  stage === 'joint' || isMemory(path, components) === (stage === 'memory');

/** CaTeGory; and the tokens of the clip, where nothing but CaTeGory asks them. */
const isMemory = (path: string, { incam }: Components): boolean =>
  path.startsWith('category.') || (!incam && path.startsWith('instance.'));

/**
 * Whether the clips of a step are the second ones of their videos, and ask the memory that the first ones leave. In
 * the stages with memory these are the odd steps; at the even ones clips are the first of a video and ask the memory
 * as learned (docs/deviations.md, I25).
 *
 * @setting SeeClear (training stages)
 */
export const asksCarriedMemory = (stage: StageName, step: number): boolean =>
  stage !== 'condenser' && step % 2 === 1;

/**
 * Whether a first clip's result depends on the condenser's parameter with this path: on all but those that construct
 * the memory, M of (16).
 */
export const servesFirstClips = (path: string): boolean =>
  !path.startsWith('category.') || /^category\.(semantics|textures|queries)\b/.test(path);
