import type { EvaluationEffort } from '@retort/contracts';

/** What an evaluation spends. */
export interface Budget {
  /** Steps of plain PGD: the naive attack and those that are compared with it. */
  readonly pgdSteps: number;
  /** Steps of a run of Auto-PGD. */
  readonly steps: number;
  /** Steps of a run of FAB, which cost more. */
  readonly fabSteps: number;
  /** Runs that Auto-PGD and FAB have. */
  readonly restarts: number;
  /** Classes that targeted attacks aim at. */
  readonly targets: number;
  /** Forward passes of the Square attack. */
  readonly queries: number;
  /** Forward passes of HopSkipJump. */
  readonly decisions: number;
  /** Perturbations of random noise. */
  readonly tries: number;
  /** Examples at most that a check looks at beside those that still stand. */
  readonly probes: number;
  /** Passes that are averaged where the classifier is random. */
  readonly draws: number;
}

const budgets: Record<EvaluationEffort, Budget> = {
  quick: {
    pgdSteps: 20,
    steps: 20,
    fabSteps: 8,
    restarts: 1,
    targets: 3,
    queries: 300,
    decisions: 1000,
    tries: 20,
    probes: 40,
    draws: 8,
  },
  standard: {
    pgdSteps: 40,
    steps: 100,
    fabSteps: 100,
    restarts: 1,
    targets: 9,
    queries: 5000,
    decisions: 2000,
    tries: 100,
    probes: 100,
    draws: 20,
  },
  thorough: {
    pgdSteps: 100,
    steps: 100,
    fabSteps: 100,
    restarts: 5,
    targets: 9,
    queries: 10000,
    decisions: 10000,
    tries: 500,
    probes: 500,
    draws: 50,
  },
};

/** The budget of an effort; `standard` is that of AutoAttack (Croce and Hein 2020, arXiv 2003.01690), and HopSkipJump besides. */
export function budgetOf(effort: EvaluationEffort): Budget {
  return budgets[effort];
}
