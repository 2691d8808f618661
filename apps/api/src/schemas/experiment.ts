import { ExperimentSpec as Spec, smallestSpec } from '@retort/contracts';
import { ExperimentView, type ExperimentView as View } from '@retort/jobs';
import { Type } from 'typebox';
import { asPosted, component, ref } from './component.js';

export const ExperimentSpec = component('ExperimentSpec', {
  ...asPosted(Spec),
  description:
    'An experiment: nets, attacks on them and what is measured. A field that an axis of `grid` sets may be left out where the axis sets it.',
  examples: [smallestSpec],
});

/** As it is kept: the same with every default filled in. */
export const CompleteSpec = component('CompleteSpec', { ...Spec, description: 'A spec with its defaults filled in.' });

const Href = Type.String({ description: 'Relative to the address of the API.' });

export const Experiment = component(
  'Experiment',
  Type.Object({
    ...ExperimentView.properties,
    spec: ref(CompleteSpec),
    links: Type.Object({
      self: Href,
      jobs: Href,
      events: Href,
      results: Href,
      summary: Href,
      report: Href,
      cancel: Href,
    }),
  }),
);

/** An experiment with the places where more of it is. */
export function withLinks(experiment: View) {
  const self = `/v1/experiments/${experiment.id}`;
  const under = (part: string) => `${self}/${part}`;
  const links = {
    self,
    jobs: under('jobs'),
    events: under('events'),
    results: under('results'),
    summary: under('summary'),
    report: under('report'),
    cancel: under('cancel'),
  };
  return { ...experiment, links };
}
