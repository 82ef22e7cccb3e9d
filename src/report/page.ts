import { trainingCharts, validationCharts } from './charts.js';
import { Html, html } from './html.js';
import type { RunData, Sample } from './runData.js';
import { style } from './style.js';
import { progress, tiles } from './summary.js';
import { sessionTable, settingsTable, stepTable, validationTable } from './tables.js';
import { grouped } from './units.js';

/** What a browser may load for the page: what is in it. */
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

/** The report of a run as an HTML page that needs no other file, no network and no script. */
export function page(run: RunData): string {
  const { name, config, parameters, sessions, steps } = run;
  const title = `${name}, a training run of seeclear`;
  const started = steps.length > 0;
  const body = html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
      <title>${title}</title>
      <style>
        ${new Html(style)}
      </style>
    </head>
    <body>
      <main>
        <h1>${name}</h1>
        <p class="soft">
          Training of SeeClear: preset ${config.model.preset}, ${grouped(parameters)} parameters; seed
          ${config.seed}
        </p>
        ${progress(run)} ${started ? tiles(run) : undefined} ${validation(run)} ${samples(run)}
        ${
          started
            ? html`<h2>Training</h2>
                <p class="note">
                  One line of metrics.jsonl for each step. The timestep of each clip is random and the loss
                  depends on it, so the mean tells more than the steps.
                </p>
                <div class="charts">${trainingCharts(run)}</div>
                <details>
                  <summary>Steps as numbers</summary>
                  <div class="panel">${stepTable(run)}</div>
                </details> `
            : undefined
        }
        <h2>Run</h2>
        <div class="panel"><pre>${sessions.map(({ command }) => command).join('\n')}</pre></div>
        <div class="two">
          <div class="panel">
            <h3>Settings</h3>
            ${settingsTable(run)}
          </div>
          <div>
            ${sessions.map(
              (session) =>
                html`<div class="panel">
                  <h3>Environment</h3>
                  ${sessionTable(session)}
                </div>`,
            )}
          </div>
        </div>
        <details>
          <summary>The network and its diffusion</summary>
          <div class="panel"><pre>${JSON.stringify(config.model, null, 2)}</pre></div>
        </details>
      </main>
    </body>
  </html> `;
  return `<!doctype html>\n${body.text}`;
}

function validation(run: RunData): Html | undefined {
  const by = run.validations.at(-1)?.by;
  if (!by) return undefined;
  const clips = `${by.videos} ${by.source === 'procedural' ? 'held-out procedural clips' : `videos of ${by.source}`}`;
  return html`<h2>Validation</h2>
    <p class="note">
      The average of the weights on ${clips}, ${by.frames} frames of at most ${by.size} pixels each, sampled
      in ${by.samplingSteps} steps with the seed of the run, beside bicubic interpolation. Means over frames,
      on luma.
    </p>
    <div class="charts">${validationCharts(run)}</div>
    <details>
      <summary>Validations as numbers</summary>
      <div class="panel">${validationTable(run)}</div>
    </details> `;
}

function samples({ samples }: RunData): Html | undefined {
  if (samples.length === 0) return undefined;
  return html`<h2>Samples</h2>
    <p class="note">The middle of one frame of the first clip, as the average of the weights made it.</p>
    <div class="samples">${samples.map(sampleFigure)}</div> `;
}

const sampleFigure = ({ record: { step, ours }, bytes }: Sample): Html =>
  html`<figure>
    <figcaption><b>Step ${grouped(step)}</b>${ours.psnr.toFixed(2)} dB over all clips</figcaption>
    <img
      src="data:image/png;base64,${Buffer.from(bytes).toString('base64')}"
      alt="LR, bicubic, ours, HR after step ${step}"
    />
    <div class="four"><span>LR</span><span>bicubic</span><span>ours</span><span>HR</span></div>
  </figure> `;
