import type { AttackName, AttackParameters } from '@retort/contracts';
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
 * The attack of that name, for parameters that are known only when it runs; `run` checks them.
 *
 * @throws RangeError for a name that no attack has
 */
export function attackNamed(name: string): Attack<Record<string, unknown>> {
  if (!Object.hasOwn(attacks, name)) {
    throw new RangeError(`there is no attack "${name}"; the attacks are ${Object.keys(attacks).join(', ')}`);
  }
  return attacks[name as AttackName];
}
