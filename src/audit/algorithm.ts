/** Lines 1 – 45 of Algorithm 1, as printed. Frame, clip and step indices that only repeat are left out. */
import type { Item, Reservation } from './item.js';
import { vrt } from './plans.js';

const heading: Reservation = { notApplicable: 'a heading' };
const case_ = (notApplicable: string): Reservation => ({ notApplicable });
const first = case_('a case that our loop does not have: it starts from the state of line 2');

// prettier-ignore
const printed: readonly (readonly [printed: string, meaning: string, reservation?: Reservation])[] = [
  ['Ī^LR = VRT(I^LR)', 'LR frames at HR size', vrt],
  ['u^T = DWT_2D(Ī^LR) + ε, ε ∼ N(0, I)', 'start of the reverse chain'],
  ['— Parallel Generation within Local Video Clip —', 'heading', heading],
  ['for m = 1 to N/M do', 'loop over clips'],
  ['for t = T−1 to 0 do', 'loop over steps'],
  ['if t = T−1 then', 'first step', first],
  ['O, P = S(I^LR, V)', 'semantics of the frames'],
  ['u^t = u^T', 'first state', first],
  ['else', 'later steps', first],
  ['u^t = DWT_2D(Ī^{t+1})', 'state to wavelets'],
  ['skip_H = [ ]', 'store of high bands'],
  ['for i = 1 to 4 do', 'loop over encoder layers'],
  ['if i = 1 then', 'first encoder layer'],
  ['f^{i−1} = [I^t, u^t]', 'network input'],
  ['else', 'later encoder layers'],
  ['f^{i−1} = [WD(I^LR), f̄^{i−1}]', 'LR frames beside the features'],
  ['f̂^i = E_i(f^{i−1})', 'encoder layer'],
  ['if i ≠ 4 then', 'all but the last encoder layer'],
  ['L^i, H^i = WD(f̂^i)', 'wavelet downsampling'],
  ['f̄^i = L^i', 'the low band goes on'],
  ['skip_H = skip_H + H^i', 'the high bands are kept'],
  ['else', 'the last encoder layer'],
  ['f̄^i = f̂^i', 'is not downsampled'],
  ['O_c = Dec(Enc(O), Ô)', 'tokens of the clip'],
  ['for j = 1 to 3 do', 'loop over middle layers'],
  ['γ^j, β^j = G(P)', 'scale and bias'],
  ['f^j = (f̄^{j−1} ⊙ γ^j + β^j) + f̄^{j−1}', 'modulation'],
  ['f̂^j = CA(f^j, O_c, O_c)', 'cross-attention'],
  ['f̄^j = B_j(MFSA(O_c · f̂^j))', 'middle layer'],
  ['feats = [ ]', 'store of features'],
  ['for k = 1 to 4 do', 'loop over decoder layers'],
  ['if k ≠ 4 then', 'all but the last decoder layer'],
  ['f^k = WU([f̄^{k−1}, skip_H[−k]])', 'wavelet upsampling'],
  ['γ^k, β^k = G(P)', 'scale and bias'],
  ['f̂^k = (f^{k−1} ⊙ γ^k + β^k) + f̄^{k−1}', 'modulation'],
  ['f̃^k = CA(f̂^k, O_c, O_c)', 'cross-attention'],
  ['f̈^k = D_k(MFSA(O_c · f̃^k))', 'decoder layer'],
  ['f̄^k = CA(f̈^k, C, T)', 'query of the memory'],
  ['feats = feats + f̄^k', 'features for the memory'],
  ['I^t = IDWT_2D(f̄) + Ī^LR', 'estimate of the HR frames'],
  ['Ī^t = α_t µ(I^t, Ī^{t+1}) + η_t ε', 'state of the step before'],
  ['— Update CaTeGory for Global Video Consistency —', 'heading', heading],
  ['if t = 0 then', 'last step of a clip'],
  ['C_{m+1}, T_{m+1} = M(C_m, T_m, feats)', 'update of the memory'],
  ['I^SR = I^t', 'result'],
];

export const algorithm: readonly Item[] = printed.map(([text, meaning, reservation], i) => ({
  kind: 'line',
  key: `line ${i + 1}`,
  printed: text,
  meaning,
  symbols: [],
  ...reservation,
}));
