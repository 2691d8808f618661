import { engineNames } from '@retort/contracts';
import { describeEngines, startEngine } from '@retort/engine';
import { expect, it } from 'vitest';

// The built package is tested: the engines are tried in processes of their own, which run what was built.
it('describes every engine, and the first usable one is picked', async () => {
  const reports = await describeEngines();
  expect(reports.map(({ name }) => name)).toEqual([...engineNames]);

  for (const report of reports) {
    if (report.usable) {
      expect(report.description).toMatchObject({ name: report.name, threads: 1, skipped: [] });
      expect(report.trainingSpeed).toBeGreaterThan(0);
    } else {
      expect(report.why).not.toBe('');
      expect(report.remedy).toMatch(/npx retort engine install|It needs an? (NVIDIA )?GPU|Use another engine/);
    }
  }
  const usable = reports.filter((report) => report.usable);
  expect(usable.map(({ name }) => name)).toEqual(expect.arrayContaining(['wasm', 'cpu']));

  const { description } = await startEngine();
  const first = reports.findIndex((report) => report.usable);
  expect(description.name).toBe(reports[first]!.name);
  expect(description.skipped).toEqual(
    reports.slice(0, first).map((report) => ({ name: report.name, why: report.usable ? '' : report.why })),
  );
});
