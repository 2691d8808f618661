import type { Rate } from '@retort/contracts';
import { rateOf } from '@retort/statistics';
import * as assaults from './assaults.js';
import type { Assault } from './battery.js';
import type { AtEpsilon } from './checks/growing-epsilon.js';
import type { WithoutGradients } from './checks/without-gradients.js';
import type { Siege } from './siege.js';

/** What the attacks of an evaluation have found, as its checks ask for it; sets hold the places that an attack fooled. */
export interface Assailed {
  readonly naive: ReadonlySet<number>;
  readonly naiveRobustAccuracy: Rate;
  readonly single: ReadonlySet<number>;
  readonly informed: ReadonlySet<number>;
  /** Margin PGD at several radii, in ascending order, on the same examples. */
  readonly points: readonly AtEpsilon[];
  /** The radius whose ball holds every image. */
  readonly largest: number;
  readonly byNoise: WithoutGradients;
  /** Undefined where no surrogate was named. */
  readonly byTransfer: WithoutGradients | undefined;
  readonly byScores: WithoutGradients;
  /** Undefined where decisions were not attacked. */
  readonly byDecisions: WithoutGradients | undefined;
  /** What was left for the last, longer attack, and what it fooled. */
  readonly longer: Rate;
}

/**
 * Runs every attack of an evaluation: first as masking would have it, then what masking cannot stop on what still stands.
 *
 * @param decisions whether HopSkipJump is run
 * @param probeHidden whether the attacks without gradients are also tried on some examples that only the naive attack
 *   failed on: which those are, only the attacks on all examples tell
 */
export async function assail(
  { options, threat, budget, known, battery }: Siege,
  { decisions, probeHidden }: { decisions: boolean; probeHidden: boolean },
): Promise<Assailed> {
  const { classifier, surrogates = [] } = options;
  const { all } = battery;
  const plain = assaults.climbedOver(classifier, known.jitter, 1);
  const climbed = assaults.climbedOver(classifier, known.jitter, budget.draws);

  // What a naive attack makes of the gradient in float32.
  const naive = await battery.run(assaults.naive(plain, threat, budget), all);
  const naiveRobustAccuracy = battery.robustAccuracy;
  const single = await battery.run(assaults.singleStep(plain, threat), all);
  const informed = await battery.run(assaults.informed(climbed, threat, budget), all);

  // What larger and smaller balls do to the same attack.
  const probes = all.slice(0, budget.probes);
  const largest = assaults.unbounded(threat, classifier);
  const curve = [{ epsilon: threat.epsilon, fooled: informed }];
  for (const epsilon of [threat.epsilon / 2, 2 * threat.epsilon, largest]) {
    if (curve.some((point) => point.epsilon === epsilon) || epsilon > largest) continue;
    curve.push({ epsilon, fooled: await battery.run(assaults.informed(climbed, threat, budget, epsilon), probes) });
  }
  const points = curve
    .sort((a, b) => a.epsilon - b.epsilon)
    .map(({ epsilon, fooled }) => ({ epsilon, fooled: probes.map((at) => fooled.has(at)) }));

  // What masking cannot stop, on what still stands.
  for (const assault of assaults.ownGradients(climbed, threat, budget, known.calibrated)) {
    await battery.run(assault, battery.standing);
  }

  // What needs no gradient of this net: on what still stands, and on some of what only the naive attack failed on.
  const left = new Set(battery.standing);
  const hidden = all.filter((at) => !naive.has(at) && !left.has(at)).slice(0, probeHidden ? budget.probes : 0);
  const without = async (tried: readonly Assault[]): Promise<WithoutGradients> => {
    const before = battery.standing.length;
    const places = [...hidden, ...battery.standing].sort((a, b) => a - b);
    const fooled = new Set<number>();
    for (const assault of tried) {
      for (const at of await battery.run(
        assault,
        places.filter((place) => !fooled.has(place)),
      ))
        fooled.add(at);
    }
    return {
      examples: all.length,
      resisting: all.length - naive.size,
      fooled: rateOf(fooled.size, places.length),
      added: before - battery.standing.length,
    };
  };
  const byNoise = await without([assaults.noise(climbed, threat, budget)]);
  const byTransfer =
    surrogates.length > 0 ? await without(surrogates.map((net) => assaults.transfer(net, threat, budget))) : undefined;
  const byScores = await without([assaults.square(climbed, threat, budget)]);
  const byDecisions = decisions ? await without([assaults.hopSkipJump(climbed, threat, budget)]) : undefined;

  // Whether all that was enough.
  const remaining = battery.standing;
  const more = await battery.run(assaults.longer(climbed, threat, budget), remaining);
  return {
    ...{ naive, naiveRobustAccuracy, single, informed, points, largest, byNoise, byTransfer, byScores, byDecisions },
    longer: rateOf(more.size, remaining.length),
  };
}
