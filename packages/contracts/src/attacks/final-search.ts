import { Type } from 'typebox';

/** How finely a minimum-norm attack looks for the boundary on its way back to the original image. */
export const FinalSearchSteps = Type.Integer({
  minimum: 0,
  maximum: 100,
  default: 10,
  description:
    'Bisections of the line from the original to the nearest adversarial image found, after the last step; one forward pass each, 0 for none.',
});
