import type { Comparison, Measure, PeerAttack } from './comparison.js';

/** The Linf and L2 radii of the fixed-norm attacks, at which an ordinary net is neither whole nor broken. */
const LINF = 0.1;
const L2 = 1.5;

/** Every attack against its peers, with equal budgets and, where there is a choice, equal starts. */
export const comparisons: readonly Comparison[] = [
  fixed('FGSM', 'linf', { attack: 'fgsm', parameters: { epsilon: LINF } }, [
    foolbox('LinfFastGradientAttack', {}),
    torchattacks('FGSM', { eps: LINF }),
  ]),
  fixed('BIM, 10 steps of eps/5', 'linf', ours('bim', { epsilon: LINF, steps: 10, step_size: LINF / 5 }), [
    foolbox('LinfBasicIterativeAttack', { steps: 10, rel_stepsize: 0.2 }),
    torchattacks('BIM', { eps: LINF, alpha: LINF / 5, steps: 10 }),
  ]),
  fixed('MI-FGSM, 10 steps of eps/10', 'linf', ours('mi-fgsm', { epsilon: LINF, steps: 10 }), [
    foolbox('LinfMomentumIterativeFastGradientMethod', { steps: 10, rel_stepsize: 0.1 }),
    torchattacks('MIFGSM', { eps: LINF, alpha: LINF / 10, steps: 10 }),
  ]),
  fixed('PGD-40, from the image', 'linf', ours('pgd', pgd(LINF, LINF / 30)), [
    foolbox('LinfPGD', { steps: 40, abs_stepsize: LINF / 30, random_start: false }),
    torchattacks('PGD', { eps: LINF, alpha: LINF / 30, steps: 40, random_start: false }),
    advLib('pgd_linf', { ε: LINF, steps: 40, random_init: false, absolute_step_size: LINF / 30 }),
  ]),
  fixed('PGD-40, from the image', 'l2', ours('pgd', { ...pgd(L2, L2 / 10), norm: 'l2' }), [
    foolbox('L2PGD', { steps: 40, abs_stepsize: L2 / 10, random_start: false }),
    torchattacks('PGDL2', { eps: L2, alpha: L2 / 10, steps: 40, random_start: false }),
  ]),
  fixed('APGD-CE, 100 steps', 'linf', ours('apgd', { epsilon: LINF }), [
    autoattack('APGDAttack', { eps: LINF, loss: 'ce', norm: 'Linf', n_iter: 100, seed: 0 }),
    torchattacks('APGD', { eps: LINF, loss: 'ce', norm: 'Linf', steps: 100 }),
    advLib('apgd', { eps: LINF, norm: 'inf', n_iter: 100, loss_function: 'ce' }),
  ]),
  fixed('APGD-DLR, 100 steps', 'linf', ours('apgd', { epsilon: LINF, loss: 'dlr' }), [
    autoattack('APGDAttack', { eps: LINF, loss: 'dlr', norm: 'Linf', n_iter: 100, seed: 0 }),
    torchattacks('APGD', { eps: LINF, loss: 'dlr', norm: 'Linf', steps: 100 }),
    advLib('apgd', { eps: LINF, norm: 'inf', n_iter: 100, loss_function: 'dlr' }),
  ]),
  fixed('APGD-DLR, 100 steps', 'l2', ours('apgd', { epsilon: L2, loss: 'dlr', norm: 'l2' }), [
    autoattack('APGDAttack', { eps: L2, loss: 'dlr', norm: 'L2', n_iter: 100, seed: 0 }),
    torchattacks('APGD', { eps: L2, loss: 'dlr', norm: 'L2', steps: 100 }),
    advLib('apgd', { eps: L2, norm: 2, n_iter: 100, loss_function: 'dlr' }),
  ]),
  fixed('APGD-T, 9 targets x 100 steps', 'linf', ours('apgd-t', { epsilon: LINF }), [
    autoattack('APGDAttack_targeted', { eps: LINF, norm: 'Linf', n_iter: 100, n_target_classes: 9, seed: 0 }),
    torchattacks('APGDT', { eps: LINF, norm: 'Linf', steps: 100 }),
    advLib('apgd_targeted', { eps: LINF, norm: 'inf', n_iter: 100 }),
  ]),
  fixed('Square, 1000 queries', 'linf', ours('square', { epsilon: LINF, queries: 1000 }), [
    autoattack('SquareAttack', { eps: LINF, norm: 'Linf', n_queries: 1000, seed: 0 }),
    torchattacks('Square', { eps: LINF, norm: 'Linf', n_queries: 1000 }),
  ]),
  least('DeepFool, 50 steps', 'l2', ours('deepfool', {}), [
    foolbox('L2DeepFoolAttack', { steps: 50 }),
    torchattacks('DeepFool', { steps: 50 }),
    advLib('df', { steps: 50 }),
  ]),
  least('DeepFool, 50 steps', 'linf', ours('deepfool', { norm: 'linf' }), [
    foolbox('LinfDeepFoolAttack', { steps: 50 }),
    advLib('df', { steps: 50, norm: 'inf' }),
  ]),
  least('DDN, 100 steps', 'l2', ours('ddn', {}), [
    foolbox('DDNAttack', { steps: 100 }),
    advLib('ddn', { steps: 100, levels: null }),
  ]),
  least('FMN, 100 steps', 'l2', ours('fmn', {}), [
    foolbox('L2FMNAttack', { steps: 100 }),
    advLib('fmn', { norm: 2, steps: 100 }),
  ]),
  least('FMN, 100 steps', 'linf', ours('fmn', { norm: 'linf' }), [
    foolbox('LInfFMNAttack', { steps: 100 }),
    advLib('fmn', { norm: 'inf', steps: 100 }),
  ]),
  least('FAB, 100 steps', 'l2', ours('fab', {}), [
    autoattack('FABAttack_PT', { eps: 1e9, norm: 'L2', n_iter: 100, seed: 0 }),
    torchattacks('FAB', { eps: 1e9, norm: 'L2', steps: 100 }),
    advLib('fab', { norm: 2, n_iter: 100 }),
  ]),
  least('FAB, 100 steps', 'linf', ours('fab', { norm: 'linf' }), [
    autoattack('FABAttack_PT', { eps: 1e9, norm: 'Linf', n_iter: 100, seed: 0 }),
    torchattacks('FAB', { eps: 1e9, norm: 'Linf', steps: 100 }),
    advLib('fab', { norm: 'inf', n_iter: 100 }),
  ]),
  fixed('FAB-T, 9 targets x 100 steps', 'l2', ours('fab', { boundaries: 'each', norm: 'l2' }), [
    autoattack('FABAttack_PT', { eps: L2, norm: 'L2', n_iter: 100, seed: 0, targeted: true, n_target_classes: 9 }),
  ]),
  fixed('AutoAttack, standard', 'linf', ours('autoattack', { epsilon: LINF }), [
    autoattack('AutoAttack', { eps: LINF, norm: 'Linf', version: 'standard', seed: 0 }),
    torchattacks('AutoAttack', { eps: LINF, norm: 'Linf', version: 'standard', seed: 0 }),
  ]),
  least('C&W, 5 x 200 steps, c from 0.1', 'l2', ours('cw-l2', cw(5, 200, 0.1)), [
    foolbox('L2CarliniWagnerAttack', { binary_search_steps: 5, steps: 200, initial_const: 0.1 }),
    advLib('carlini_wagner_l2', { binary_search_steps: 5, max_iterations: 200, initial_const: 0.1 }),
    torchattacks('CW', { c: 1, steps: 1000 }),
  ]),
  least('C&W, 9 x 1000 steps', 'l2', ours('cw-l2', {}), [
    foolbox('L2CarliniWagnerAttack', { binary_search_steps: 9, steps: 1000 }),
    advLib('carlini_wagner_l2', { binary_search_steps: 9, max_iterations: 1000 }),
  ]),
  least('C&W, at most 200 steps each', 'linf', ours('cw-linf', { steps: 200 }), [
    advLib('carlini_wagner_linf', { max_iterations: 200 }),
  ]),
  least('EAD, 9 x 100 steps', 'l1', ours('ead', { steps: 100 }), [
    foolbox('EADAttack', { binary_search_steps: 9, steps: 100, regularization: 0.001 }),
    torchattacks('EADEN', { binary_search_steps: 9, max_iterations: 100, beta: 0.001 }),
  ]),
  least('HopSkipJump, 5 000 queries', 'l2', ours('hop-skip-jump', {}), [
    // Its own count of steps, which come to about as many queries.
    foolbox('HopSkipJumpAttack', { steps: 16 }),
  ]),
  {
    ...least('JSMA on logits, to the next class', 'l0', ours('jsma', { saliency: 'logits', maximum_features: 112 }), [
      torchattacks('JSMA', { theta: 1, gamma: 112 / 784 }),
    ]),
    targetOffset: 1,
  },
  onMasked(
    fixed('FGSM', 'linf', ours('fgsm', { epsilon: LINF }), [
      foolbox('LinfFastGradientAttack', {}),
      torchattacks('FGSM', { eps: LINF }),
    ]),
  ),
  onMasked(
    fixed('PGD-40, from the image', 'linf', ours('pgd', pgd(LINF, LINF / 30)), [
      foolbox('LinfPGD', { steps: 40, abs_stepsize: LINF / 30, random_start: false }),
      torchattacks('PGD', { eps: LINF, alpha: LINF / 30, steps: 40, random_start: false }),
      advLib('pgd_linf', { ε: LINF, steps: 40, random_init: false, absolute_step_size: LINF / 30 }),
    ]),
  ),
  onMasked(
    fixed('APGD-CE, 100 steps', 'linf', ours('apgd', { epsilon: LINF }), [
      autoattack('APGDAttack', { eps: LINF, loss: 'ce', norm: 'Linf', n_iter: 100, seed: 0 }),
    ]),
  ),
  onMasked(
    least('DDN, 100 steps', 'l2', ours('ddn', {}), [
      foolbox('DDNAttack', { steps: 100 }),
      advLib('ddn', { steps: 100, levels: null }),
    ]),
  ),
  onMasked(
    fixed('AutoAttack, standard', 'linf', ours('autoattack', { epsilon: LINF }), [
      autoattack('AutoAttack', { eps: LINF, norm: 'Linf', version: 'standard', seed: 0 }),
    ]),
  ),
];

function fixed(
  name: string,
  measure: 'linf' | 'l2',
  own: Comparison['ours'],
  peers: readonly PeerAttack[],
): Comparison {
  const radius = measure === 'linf' ? LINF : L2;
  return { name, net: 'standard', measure, radius, ours: own, peers };
}

function least(name: string, measure: Measure, own: Comparison['ours'], peers: readonly PeerAttack[]): Comparison {
  return { name, net: 'standard', measure, ours: own, peers };
}

function onMasked(comparison: Comparison): Comparison {
  return { ...comparison, net: 'temperature-20' };
}

function ours(attack: Comparison['ours']['attack'], parameters: Comparison['ours']['parameters']): Comparison['ours'] {
  return { attack, parameters };
}

function foolbox(attack: string, parameters: PeerAttack['parameters']): PeerAttack {
  return { library: 'foolbox', attack, parameters };
}

function torchattacks(attack: string, parameters: PeerAttack['parameters']): PeerAttack {
  return { library: 'torchattacks', attack, parameters };
}

function autoattack(attack: string, parameters: PeerAttack['parameters']): PeerAttack {
  return { library: 'autoattack', attack, parameters };
}

function advLib(attack: string, parameters: PeerAttack['parameters']): PeerAttack {
  return { library: 'adv_lib', attack, parameters };
}

function pgd(epsilon: number, stepSize: number) {
  return { epsilon, step_size: stepSize, steps: 40, random_start: false };
}

function cw(searches: number, steps: number, constant: number) {
  return { binary_search_steps: searches, steps, initial_constant: constant };
}
