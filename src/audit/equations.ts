/** Equations (1) – (36) of the paper, as printed (arXiv:2410.05799v4). A new row needs nothing else. */
import type { Item, Reservation } from './item.js';
import { category, distiller, incam } from './plans.js';

const equation = (
  n: number,
  printed: string,
  meaning: string,
  symbols: string,
  reservation: Reservation = {},
): Item => ({
  kind: 'equation',
  key: String(n),
  printed,
  meaning,
  symbols: symbols.split(' '),
  ...reservation,
});

// prettier-ignore
export const equations: readonly Item[] = [
  equation(1, 'q(u_t | u_0) = N( D_t u_0, η_t E )', 'blur and noise, nothing shifted yet', 'u_0 u_t D_t η_t E'),
  equation(2, 'u_0 = Vᵀ I^HR', 'frames to the frequency domain', 'u_0 V I^HR'),
  equation(3, 'q(u_t | u_0, u_l) = N( D_t u_0 + η_t e_t, κ² η_t E )', 'where the chain is after t steps', 'u_0 u_l u_t D_t η_t e_t κ E'),
  equation(4, 'e_t = u_l − D_t u_0', 'residual between the LR and the blurred HR frames', 'e_t u_l D_t u_0'),
  equation(5, 'p(u_0 | u_l) = ∫ p(u_T | u_l) Π_{t=1}^T p_θ(u_{t−1} | u_t, u_l) du_{1:T}', 'the reverse chain', 'u_0 u_l u_t T'),
  equation(6, 'p(u_T | u_l) ≈ N( u_l, κ² E )', 'prior: where the reverse chain starts', 'u_t u_l κ E'),
  equation(7, 'I_ll, I_lh, I_hl, I_hh = DWT_2D(I^HR)', 'frames to wavelet bands', 'I^HR'),
  equation(8, 'F_img, F_txt = S(I^LR, V)', 'image features and text embeddings of the LR frames', 'I^LR O_i', distiller),
  equation(9, 'O_i, P_i = topk(Sim(F_img, F_txt))', 'the k most similar tokens, and segmentation features', 'O_i P_i', distiller),
  equation(10, '(γ, β) = G(P_i)', 'scale and bias from segmentation features', 'γ,β P_i', incam),
  equation(11, 'F_i = (f_i ⊙ γ + β) + f_i', 'spatial modulation of features', 'f_i γ,β', incam),
  equation(12, 'Q_i = F_i W_Q, K_i = O_i W_K, V_i = O_i W_V', 'projections of the cross-attention', 'f_i O_i', incam),
  equation(13, 'F̂_i = SoftMax(Q_i K_iᵀ / √d) V_i', 'semantics embedded into features', 'f_i d', incam),
  equation(14, 'O_c = Dec(Enc(O_i), Ô)', 'tokens of the clip from tokens of its frames', 'O_i O_c', incam),
  equation(15, 'F̄_i = MFSA(O_c · F̂_i)', 'alignment by multi-frame self-attention', 'O_c f_i', incam),
  equation(16, '(C_j, T_j) = M( C̄_j, T̄_j, {F̄_{i,k}}_{k=1..4} )', 'construction of the memory', 'C_j,T_j f_i', category),
  equation(17, 'T̂_j = C̄_j × T̄_j', 'textures with channel-wise semantics', 'C_j,T_j', category),
  equation(18, 'T_j = SA( CA( T̂_j, {F̄_{i,k}}_{k=1..4} ) )', 'textures with the decoder’s features', 'C_j,T_j f_i', category),
  equation(19, 'A_j = SoftMax(O_cᵀ C_j)', 'similarity of the clip’s tokens and the memory', 'O_c C_j,T_j', category),
  equation(20, 'F̃_i = CA(F̄_i, A_j T_j) + F̄_i', 'query of the memory', 'f_i C_j,T_j', category),
  equation(21, '∂u(x, y, t)/∂t = Δu(x, y, t)', 'heat equation', 't Λ'),
  equation(22, 'u_t = e^{Λt} u_0', 'its solution between insulated borders', 'u_t u_0 Λ t'),
  equation(23, 'q(I_t | I^HR) = N( R diag(α_t) R⁻¹ I^HR, R diag(β_t) R⁻¹ )', 'marginal for any invertible transformation R', 'I^HR'),
  equation(24, 'q(I_t | I_0, I^LR) = N( I_0 + η_t e_0, κ² η_t E )', 'ResShift', 'η_t e_t κ E I^LR'),
  equation(25, 'u_t = e^{Λt} u_0 + η_t e_t + κ √η_t ε_t  ⇔  u_t = (1 − η_t) e^{Λt} u_0 + η_t u_l + κ √η_t ε_t', 'a sample of the marginal', 'u_t Λ t u_0 η_t e_t κ ε u_l'),
  equation(26, 'e_t = u_l − D_t u_0  ⇔  e_t = u_l − e^{Λt} u_0', 'residual, again', 'e_t u_l D_t Λ t u_0'),
  equation(27, 'û_0 = (u_{t−1} − η_{t−1} u_l) / ((1 − η_{t−1}) e^{Λ(t−1)})', 'HR frames that u_{t−1} would come from without noise', 'u_0 u_t η_t u_l Λ t'),
  equation(28, 'u_t = (1 − η_t)/(1 − η_{t−1}) e^Λ (u_{t−1} − η_{t−1} u_l) + η_t u_l + κ √α_t ε_t', 'one step forward, sampled', 'u_t η_t Λ u_l κ α_t,α̃_t ε'),
  equation(29, 'q(u_t | u_0, u_l) = N( D_t u_0 + η_t e_t, κ² η_t E )', 'marginal, by recursion', 'u_t u_0 u_l D_t η_t e_t κ E'),
  equation(30, 'q(u_{t−1} | u_t, u_0, u_l) ∝ q(u_t | u_{t−1}, u_l) q(u_{t−1} | u_0, u_l)', 'Bayes’ rule', 'u_t u_0 u_l'),
  equation(31, 'q(u_t | u_{t−1}, u_l) = N( (1 − η_t)/(1 − η_{t−1}) e^Λ (u_{t−1} − η_{t−1} u_l) + η_t u_l, κ² α_t E )', 'one step forward', 'u_t u_l η_t Λ κ α_t,α̃_t E'),
  equation(32, 'q(u_{t−1} | u_0, u_l) = N( (1 − η_{t−1}) e^{Λ(t−1)} u_0 + η_{t−1} u_l, κ² η_{t−1} E )', 'marginal of the step before', 'u_t u_0 u_l η_t Λ t κ E'),
  equation(33, '−(u_{t−1} − µ)(u_{t−1} − µ)ᵀ / 2σ² + const', 'the square completed', 'u_t µ,σ²'),
  equation(34, 'µ = ( λ η_{t−1} u_t + α_t (1 − η_{t−1}) e^{Λ(t−1)} u_0 + (λ² η²_{t−1} − λ η_{t−1} η_t − α_t η_{t−1}) u_l ) / (λ² η_{t−1} + α_t)', 'mean of the posterior', 'µ,σ² λ_t η_t u_t α_t,α̃_t Λ t u_0 u_l'),
  equation(35, 'σ² = κ² α_t η_{t−1} / (λ² η_{t−1} + α_t)', 'variance of the posterior', 'µ,σ² κ α_t,α̃_t η_t λ_t'),
  equation(36, 'λ = (1 − η_t)/(1 − η_{t−1}) e^Λ', 'what one step leaves of a coefficient', 'λ_t η_t Λ'),
];
