import { Type, type Static } from 'typebox';
import { JsonNumber } from '../number.js';
import { EvaluationParameters } from '../spec/evaluation.js';
import { AttackSample } from './attack-result.js';
import { Provenance } from './provenance.js';
import { Rate } from './rate.js';

/** What an evaluation concludes. */
export const verdicts = ['robust', 'masked', 'broken', 'inconclusive'] as const;
export const Verdict = Type.Enum([...verdicts], {
  description:
    '`robust`: the whole interval of the worst-case accuracy lies at or above the requirement, and no check betrays an illusion. `masked`: a naive attack is resisted, but what masking cannot stop breaks the net. `broken`: it falls, and masking is not what made it look robust. `inconclusive`: neither is shown; `next` says what to run.',
});
export type Verdict = Static<typeof Verdict>;

/** What the failure of a check betrays. */
export const CheckConcern = Type.Enum(['masking', 'illusion', 'randomness', 'sample'], {
  description:
    '`masking`: the float32 gradient of the cross-entropy misleads, which other attacks get round. `illusion`: the attacks behind the worst case themselves may be too weak. `randomness`: answers differ from pass to pass. `sample`: too few examples.',
});
export type CheckConcern = Static<typeof CheckConcern>;

/** A number behind a check, with its denominator where it is a share. */
export const Measurement = Type.Union([
  Type.Object({ what: Type.String(), rate: Rate }),
  Type.Object({ what: Type.String(), value: JsonNumber }),
]);
export type Measurement = Static<typeof Measurement>;

/** One check of an evaluation. */
export const EvaluationCheck = Type.Object({
  name: Type.String({ description: 'Such as `zero-gradients`.' }),
  title: Type.String(),
  question: Type.String({ description: 'What is asked, in a sentence.' }),
  concern: CheckConcern,
  measured: Type.Array(Measurement),
  threshold: Type.String({ description: 'What passes, in a sentence.' }),
  status: Type.Enum(['passed', 'failed', 'not-run']),
  evidence: Type.String({ description: 'What was found, or why the check was not run, in a sentence.' }),
  paper: Type.String(),
});
export type EvaluationCheck = Static<typeof EvaluationCheck>;

/** One attack of an evaluation. */
export const EvaluationAttack = Type.Object({
  name: Type.String({ description: 'What it is called here, such as `naive` or `APGD-CE at T = 17.2`.' }),
  attack: Type.String({ description: 'The attack as a spec names it.' }),
  parameters: Type.Record(Type.String(), Type.Unknown()),
  source: Type.Optional(Type.String({ description: 'The surrogate on which the examples were made.' })),
  attacked: Type.Enum(['all', 'some', 'standing'], {
    description:
      'The examples that it was run on: all, a part that a check asks for, or those that every attack before it left.',
  }),
  within_threat: Type.Boolean({
    description: 'Whether it keeps to the epsilon of the threat, so that its images count.',
  }),
  success: Type.Object(Rate.properties, { description: 'Examples it fooled the net on, of those it was run on.' }),
  robust_accuracy: Type.Object(Rate.properties, {
    description: 'Examples that neither it nor any attack before it fools within the threat, of all.',
  }),
  gradients: Type.Integer({ description: 'Backward passes, summed over its examples.' }),
  forwards: Type.Integer({ description: 'Forward passes beside those of its gradients, summed over its examples.' }),
  no_gradient: Type.Integer({ description: 'Examples that never had a gradient other than zero.' }),
});
export type EvaluationAttack = Static<typeof EvaluationAttack>;

/** What the lab's `evaluate` finds; the worker adds where the examples came from, samples and provenance. */
export const Evaluation = Type.Object({
  verdict: Verdict,
  masking: Type.Boolean({ description: 'Whether a naive attack overstates the robustness, whatever the verdict.' }),
  randomised: Type.Boolean({ description: 'Whether equal inputs get unequal answers, whatever the verdict.' }),
  reasons: Type.Array(Type.String(), { description: 'Why this verdict, in sentences with their numbers.' }),
  next: Type.Array(Type.String(), { description: 'What to run next, in sentences; empty where nothing is open.' }),
  threat: EvaluationParameters,
  temperatures: Type.Object({
    training: Type.Number(),
    calibrated: Type.Number({
      description: 'What the logits were divided by for a cross-entropy that does not saturate.',
    }),
  }),
  clean_accuracy: Type.Object(Rate.properties, {
    description: 'Over the examples given; the correct ones are the denominator of every other rate.',
  }),
  robust_accuracy: Type.Object(Rate.properties, { description: 'Worst case over every attack, per example.' }),
  naive_robust_accuracy: Type.Object(Rate.properties, {
    description: 'What PGD up the float32 cross-entropy at T = 1 would have reported.',
  }),
  checks: Type.Array(EvaluationCheck),
  attacks: Type.Array(EvaluationAttack, { description: 'In the order in which they ran.' }),
  strongest: Type.Object(
    {
      index: Type.Array(Type.Integer(), { description: 'Position in the test split.' }),
      by: Type.Array(Type.Integer(), { description: 'Position in `attacks`; -1 where none fooled the net.' }),
      distance: Type.Array(Type.Union([Type.Number(), Type.Null()]), {
        description: "In the threat's norm; null where none fooled the net.",
      }),
    },
    { description: 'For each clean-correct example the nearest adversarial image found, one entry in each list.' },
  ),
});
export type Evaluation = Static<typeof Evaluation>;

/** The result of an evaluate job. */
export const EvaluateResult = Type.Object({
  kind: Type.Literal('evaluate'),
  ...Evaluation.properties,
  examples: Type.Object({
    choose: Type.String(),
    count: Type.Integer(),
    available: Type.Integer({ description: 'Examples of the kind asked for in the whole test split.' }),
  }),
  samples: Type.Array(AttackSample),
  provenance: Provenance,
});
export type EvaluateResult = Static<typeof EvaluateResult>;
