import { Type, type Static } from 'typebox';
import { ImageLayout } from '../image-layout.js';
import { UploadHash, type Uploads } from '../upload.js';
import { Norm } from './ball.js';

/** The name by which a spec asks to verify adversarial images that were made elsewhere; no attack of the lab has it. */
export const ADVERSARIAL_SET = 'adversarial-set';

/** Adversarial images that were made elsewhere, and the bound that they claim to keep. */
export const AdversarialSetParameters = Type.Object(
  {
    upload: UploadHash,
    layout: ImageLayout,
    norm: Norm,
    epsilon: Type.Number({
      minimum: 0,
      maximum: 1000,
      description: 'The largest distance that counts, in pixel units (the pixel range is 0 to 1).',
    }),
  },
  {
    additionalProperties: false,
    description:
      'Verifies uploaded adversarial images against each net: an .npz with `adversarial` and, if there, `index`, `label` and `original`, or an .npy of n rows. Floats are pixels as they are; bytes are divided as those of the dataset. Distances are from the own images of the dataset; what leaves the pixel range or the bound never succeeds. One forward pass an example.',
  },
);
export type AdversarialSetParameters = Static<typeof AdversarialSetParameters>;

/** The uploads that an attack reads, by the role that each plays in a job. */
export function attackUploads({ attack, parameters }: { attack: string; parameters: object }): Uploads {
  return attack === ADVERSARIAL_SET ? { adversarial: (parameters as AdversarialSetParameters).upload } : {};
}
