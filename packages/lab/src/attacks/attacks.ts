import { resolvePreset, type AttackName, type AttackParameters } from '@retort/contracts';
import type { Attack } from './attack.js';
import { autoattack } from './autoattack.js';
import { singleAttacks } from './single-attacks.js';
import { worstCaseAttack } from './worst-case.js';

/** Every attack, by the name that a spec gives it. */
export const attacks: { readonly [Name in AttackName]: Attack<AttackParameters[Name]> } = {
  ...singleAttacks,
  'worst-case': worstCaseAttack,
  autoattack,
};

/**
 * The attack or the preset of that name, for parameters that are known only when it runs; `run` checks them.
 *
 * @throws RangeError for a name that neither has
 */
export function attackNamed(name: string): Attack<Record<string, unknown>> {
  const choice = resolvePreset({ attack: name, parameters: {} });
  if (!Object.hasOwn(attacks, choice.attack)) {
    throw new RangeError(`there is no attack "${name}"; the attacks are ${Object.keys(attacks).join(', ')}`);
  }
  const attack: Attack<Record<string, unknown>> = attacks[choice.attack as AttackName];
  if (choice.attack === name) return attack;
  return { ...attack, run: (context, given) => attack.run(context, { ...choice.parameters, ...given }) };
}
