/** The register of the paper: every item, its place in the code, its tests, its deviations, and how well it holds. */
export { type Claim, claims } from './claims.js';
export { claimsPage } from './claimsPage.js';
export { type Deviation } from './deviations.js';
export { equationsPage } from './equationsPage.js';
export { explainDeviation, explainRow, type Found, lookUp } from './explain.js';
export { type Item, type Kind } from './item.js';
export { keysOf } from './keys.js';
export { table1, table2, table3, table4, table5 } from './paperTables.js';
export { judge, type Proof, runProofs } from './proofs.js';
export {
  countStatuses,
  items,
  readRegister,
  type Register,
  type Row,
  type Status,
  statuses,
} from './register.js';
export { label, statusLine } from './show.js';
