import { describe, expect, it } from 'vitest';
import type { ReportJob } from '../report-input.js';
import { experimentOf, measuredNets } from '../testing/experiment.js';
import { makingOf } from './making.js';

const input = experimentOf(measuredNets);

/** How the summary calls a net of the fixture whose job had these settings beside its own. */
function textOf(net: string, settings: object, spec: object = {}): string {
  const job = input.jobs.find(({ name }) => name === net)!;
  const changed = {
    ...job,
    spec: { ...job.spec, ...spec, settings: { ...settingsOf(job), ...settings } },
  } as ReportJob;
  return makingOf(input, changed).text;
}

function settingsOf({ spec }: ReportJob): object {
  return 'settings' in spec ? spec.settings : {};
}

const search = { norm: 'linf', epsilon: 0.1, steps: 3, ramp_epochs: 0 };

describe('makingOf', () => {
  it('says against what a net was trained, and that its labels were not sure', () => {
    const pgd = { ...search, name: 'pgd', random_start: true };
    const trades = { ...search, name: 'trades', norm: 'l2', beta: 6 };
    expect(textOf('standard', { defence: pgd })).toBe('trained at T=1 against PGD (linf 0.1)');
    expect(textOf('standard', { defence: trades })).toBe('trained at T=1 by TRADES (l2 0.1, β=6)');
    expect(textOf('t20', { label_smoothing: 0.1 })).toBe('trained at T=20, labels smoothed by 0.1');
    expect(textOf('t20', { label_smoothing: 0 })).toBe('trained at T=20');
    expect(textOf('standard', { defence: pgd, label_smoothing: 0.1 }, { deployment_temperature: 0.05 })).toBe(
      'trained at T=1 against PGD (linf 0.1), labels smoothed by 0.1, deployed at T=0.05',
    );
  });

  it('says what a student learnt', () => {
    expect(textOf('distilled', {}, { targets: 'extended' })).toBe(
      'distilled at T=20 from t20, on its doubt, with a class for outliers',
    );
    expect(textOf('distilled', {}, { targets: 'true-labels' })).toBe(
      'distilled at T=20 from t20, on the true labels (control)',
    );
  });
});
