import { Type, type Static } from 'typebox';
import { AttackMetrics } from './attack-metrics.js';
import { ExampleRecord } from './example-record.js';
import { Provenance } from './provenance.js';
import { Verification } from './verification.js';

/** One attacked image as the report shows it. */
export const AttackSample = Type.Object({
  index: Type.Integer({ description: 'Position in the test split.' }),
  label: Type.Integer(),
  predicted: Type.Integer({ description: 'The class of the adversarial image.' }),
  success: Type.Boolean(),
  shape: Type.Array(Type.Integer()),
  original: Type.String({ description: 'Pixels as bytes 0 to 255, base64.' }),
  adversarial: Type.String({ description: 'Pixels rounded to bytes 0 to 255, base64; the artifact has them exactly.' }),
});
export type AttackSample = Static<typeof AttackSample>;

/** The result of an attack job. */
export const AttackResult = Type.Object({
  kind: Type.Literal('attack'),
  attack: Type.String(),
  parameters: Type.Record(Type.String(), Type.Unknown()),
  source: Type.Optional(
    Type.String({ description: 'Of a transfer: the name of the net that the images were made on.' }),
  ),
  examples: Type.Object({
    choose: Type.String(),
    count: Type.Integer(),
    available: Type.Integer({ description: 'Examples of the kind asked for in the whole test split.' }),
    test: Type.Integer({ description: 'Images in the whole test split.' }),
  }),
  metrics: AttackMetrics,
  record: ExampleRecord,
  verification: Type.Optional(Verification),
  samples: Type.Array(AttackSample),
  provenance: Provenance,
});
export type AttackResult = Static<typeof AttackResult>;
