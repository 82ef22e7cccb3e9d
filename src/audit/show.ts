import type { Row } from './register.js';

/** `(34)`, `line 41`, `Table 2`, `clip length` */
export const label = ({ kind, key }: Pick<Row, 'kind' | 'key'>): string =>
  kind === 'equation' ? `(${key})` : key;

/** `corrected: E1, E2`; `planned: InCAM: …`; a gap with what is missing. */
export function statusLine({ status, deviations, planned, soFar, notApplicable, gaps }: Row): string {
  const details = {
    verified: '',
    corrected: deviations.join(', '),
    interpreted: deviations.join(', '),
    planned: `${planned}${soFar === undefined ? '' : `. So far: ${soFar}`}`,
    'not applicable': notApplicable,
    gap: gaps.join('; '),
  }[status];
  return details ? `${status}: ${details}` : status;
}

/** The formula or code as implemented, without repetition. */
export const implemented = ({ code }: Row): string[] => [...new Set(code.flatMap(({ formula }) => formula))];
