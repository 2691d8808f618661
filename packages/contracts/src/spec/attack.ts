import { Type, type TObject } from 'typebox';
import {
  ADVERSARIAL_SET,
  AdversarialSetParameters,
  attackChoice,
  attackParameters,
  presetNames,
  presetParameters,
  type AttackName,
  type PresetName,
} from '../attacks/index.js';
import { ExamplesSpec } from './examples.js';

const attackNames = Object.keys(attackParameters) as AttackName[];

function attackSpec(name: AttackName | PresetName, parameters: TObject) {
  return Type.Object(
    {
      ...attackChoice(name, parameters),
      models: Type.Optional(
        Type.Array(Type.String(), {
          minItems: 1,
          maxItems: 1000,
          description: 'Names of the nets attacked; all where absent, but for the source.',
        }),
      ),
      source: Type.Optional(
        Type.String({
          minLength: 1,
          description:
            'The name of the net that the images are made on, to be tried on the nets attacked; each is attacked itself where absent. `bim`, `mi-fgsm`, `pgd`, `apgd` and `square` then go on to their last step instead of stopping at the first image that fools the source, since surer images transfer better; minimum-norm attacks have a `confidence` for that, or stop as ever.',
        }),
      ),
      examples: ExamplesSpec,
    },
    { additionalProperties: false },
  );
}

/** Images that are tried on the nets as they are: there is no net that they are made on. */
function adversarialSetSpec() {
  const { models, examples } = attackSpec('fgsm', attackParameters.fgsm).properties;
  const choice = attackChoice(ADVERSARIAL_SET, AdversarialSetParameters);
  return Type.Object({ ...choice, models, examples }, { additionalProperties: false });
}

/** One attack on some of the nets, or adversarial images that were made elsewhere. */
export const AttackSpec = Type.Union([
  ...attackNames.map((name) => attackSpec(name, attackParameters[name])),
  ...presetNames.map((name) => attackSpec(name, presetParameters(name))),
  adversarialSetSpec(),
]);
export interface AttackSpec {
  attack: AttackName | PresetName | typeof ADVERSARIAL_SET;
  parameters: Record<string, unknown>;
  models?: string[];
  source?: string;
  examples: ExamplesSpec;
}
