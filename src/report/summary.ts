import { median, stageNames, stepsOf } from '../train/index.js';
import { smoothed, smoothingSpan } from './curves.js';
import { type Html, html } from './html.js';
import type { RunData } from './runData.js';
import { grouped, showBytes, showSeconds, signed, significant } from './units.js';

/** Steps whose time says how long the next ones will take. */
const RECENT = 100;

/** How far the run is: stages as bars, time used and left. */
export function progress({ config, steps, sessions, validations }: RunData): Html {
  const total = stepsOf(config.stages);
  const done = steps.at(-1)?.step ?? 0;
  let first = 0;
  const bars = stageNames.flatMap((name) => {
    const length = config.stages[name].steps;
    const share = length === 0 ? 0 : Math.min(Math.max((done - first) / length, 0), 1);
    first += length;
    return length === 0 ? [] : [stageBar(name, length, share)];
  });
  const used = showSeconds(sessions.reduce((sum, { seconds }) => sum + seconds, 0));
  const recent = steps.slice(-RECENT).map(({ samplesPerSecond }) => config.batch / samplesPerSecond);
  const checks = validations.map(({ seconds }) => seconds);
  const dueEvery = config.validation?.every ?? Infinity;
  const left = median(recent) * (total - done) + mean(checks) * Math.ceil((total - done) / dueEvery);
  const rest = recent.length === 0 ? '' : `, about ${showSeconds(left)} left`;
  const time = done === total ? `${used} in all` : `${used} so far${rest}`;
  return html`<div class="stages">${bars}</div>
    <p>Step ${grouped(done)} of ${grouped(total)}<span class="soft"> · ${time}</span></p> `;
}

const stageBar = (name: string, steps: number, share: number): Html =>
  html`<div class="stage" style="flex: ${steps}">
    <div class="bar"><div class="done" style="width: ${(100 * share).toFixed(1)}%"></div></div>
    <span>${name}, ${grouped(steps)} steps</span>
  </div> `;

/** Where the run stands, in a few numbers. */
export function tiles({ steps, validations }: RunData): Html {
  const tile = (what: string, value: string, more: string | Html): Html =>
    html`<div class="tile">
      <div class="what">${what}</div>
      <div class="value">${value}</div>
      <div class="more">${more}</div>
    </div> `;
  const span = smoothingSpan(steps.length);
  const loss = smoothed(
    steps.map((record) => [record.step, record.loss]),
    span,
  ).at(-1)!;
  const last = steps[steps.length - 1];
  const recent = steps.slice(-RECENT).map((record) => record.samplesPerSecond);
  const validated = validations.at(-1);
  const best = validations.findLast((record) => record.best);
  const against = (ours: number, bicubic: number, digits: number, sign: 1 | -1): Html =>
    html`<span class="${sign * (ours - bicubic) < 0 ? 'worse' : 'better'}"
        >${signed(ours - bicubic, digits)}</span
      >
      to bicubic`;
  const { ours, bicubic } = validated ?? {};
  return html`<div class="tiles">
    ${tile('Loss', significant(loss[1]), `mean over ${span}`)}
    ${
      ours &&
      bicubic && [
        tile('PSNR', `${ours.psnr.toFixed(2)} dB`, against(ours.psnr, bicubic.psnr, 2, 1)),
        tile('SSIM', ours.ssim.toFixed(4), against(ours.ssim, bicubic.ssim, 4, 1)),
        ours.tdE === undefined || bicubic.tdE === undefined
          ? undefined
          : tile('tdE', ours.tdE.toFixed(3), against(ours.tdE, bicubic.tdE, 3, -1)),
      ]
    }
    ${best && tile('Best PSNR', `${best.ours.psnr.toFixed(2)} dB`, `step ${grouped(best.step)}`)}
    ${tile('Speed', significant(median(recent)), `clips/s, median of ${recent.length}`)}
    ${tile('Device memory', showBytes(last.bytes), `${grouped(last.tensors)} tensors live`)}
  </div> `;
}

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((a, b) => a + b, 0) / values.length;
