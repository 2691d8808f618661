import { decode } from 'fast-png';
import { parse, type DefaultTreeAdapterTypes } from 'parse5';
import { describe, expect, it } from 'vitest';
import type { ReportInput } from '../report-input.js';
import { experimentOf, jobsOf, measuredNets, rate } from '../testing/experiment.js';
import { summarise } from '../summary/summarise.js';
import { evaluationOf } from '../testing/evaluation.js';
import { renderReport } from './render-report.js';

type Node = DefaultTreeAdapterTypes.Node;
type Element = DefaultTreeAdapterTypes.Element;

/** Every element of the page; throws where the markup breaks a rule of HTML. */
function elementsOf(page: string): Element[] {
  const broken = (error: { code: string; startLine: number }) => {
    throw new Error(`${error.code} in line ${error.startLine}`);
  };
  const within = (node: Node): Element[] => [
    ...('tagName' in node ? [node] : []),
    ...('childNodes' in node ? node.childNodes.flatMap(within) : []),
  ];
  return within(parse(page, { onParseError: broken, sourceCodeLocationInfo: true }));
}

function attributes(elements: Element[], name: string): string[] {
  return elements.flatMap(({ attrs }) =>
    attrs.filter((attribute) => attribute.name === name).map(({ value }) => value),
  );
}

function textOf(node: Node): string {
  if ('value' in node) return node.value;
  return 'childNodes' in node ? node.childNodes.map(textOf).join('') : '';
}

const whole = experimentOf(measuredNets);
const jobs = jobsOf(measuredNets);
const partial: ReportInput = experimentOf(
  measuredNets,
  jobs.map((job) =>
    job.name === 't20' ? { ...job, status: 'failed', reason: 'diverged', detail: 'NaN in epoch 2', result: null } : job,
  ),
);

describe('renderReport', () => {
  it.each([
    ['a whole experiment', whole],
    ['a failed net', partial],
    ['no job', experimentOf(measuredNets, [])],
    ['missing jobs', experimentOf(measuredNets, jobs.slice(3, 9))],
    ['evaluations', experimentOf(measuredNets, [...jobs, evaluationOf('t20'), evaluationOf('standard', null)])],
    ['evaluations alone', experimentOf(measuredNets, [...jobs.slice(0, 4), evaluationOf('t20')])],
  ])('is well-formed HTML and loads nothing for %s', (_, input) => {
    const page = renderReport(input);
    const elements = elementsOf(page);
    expect(elements.filter(({ tagName }) => ['script', 'link', 'iframe', 'object'].includes(tagName))).toEqual([]);
    expect(attributes(elements, 'src').every((src) => src.startsWith('data:image/png;base64,'))).toBe(true);
    expect(attributes(elements, 'href')).toEqual([]);
    expect(page).not.toMatch(/@import|url\(/);
    expect(textOf(elements[0]!)).not.toMatch(/undefined|Infinity|\[object|NaN(?! in epoch)/);
    const drawn = elements.filter(({ tagName }) => ['path', 'line', 'circle', 'rect', 'text'].includes(tagName));
    expect(drawn.flatMap(({ attrs }) => attrs).filter(({ value }) => /NaN|undefined|Infinity/.test(value))).toEqual([]);
  });

  it('gives every image a text and every table header a scope', () => {
    const elements = elementsOf(renderReport(whole));
    const images = elements.filter(({ tagName }) => tagName === 'img');
    expect(images).toHaveLength(16 * 3);
    expect(attributes(images, 'alt').filter(Boolean)).toHaveLength(images.length);
    const headers = elements.filter(({ tagName }) => tagName === 'th');
    expect(attributes(headers, 'scope')).toHaveLength(headers.length);
  });

  it('draws the original, the adversarial image and their difference', () => {
    const sources = attributes(elementsOf(renderReport(whole)), 'src').slice(0, 3);
    const [original, adversarial, difference] = sources.map((source) =>
      decode(Buffer.from(source.split(',')[1]!, 'base64')),
    );
    expect(original).toMatchObject({ width: 28, height: 28, channels: 1 });
    expect([original!.data[100], adversarial!.data[100]]).toEqual([100, 155]);
    expect(difference!.data[100]).toBe(Math.round(127.5 + 55 / 2));
  });

  it('says so where a stored image does not fill its shape', () => {
    const odd = jobs.map((job) =>
      job.result?.kind === 'attack'
        ? {
            ...job,
            result: { ...job.result, samples: job.result.samples.map((one) => ({ ...one, shape: [32, 32, 1] })) },
          }
        : job,
    );
    const page = renderReport(experimentOf(measuredNets, odd));
    expect(page).toContain('784 and 784 bytes, which do not fill its shape 32×32×1');
    expect(page).not.toContain('<img');
  });

  it('shows each rate with its interval and denominator, and each failure with its reason', () => {
    const text = textOf(elementsOf(renderReport(partial))[0]!);
    expect(text).toContain('31/200 = 15.5 % [11.1, 21.2]');
    expect(text).toContain('[11.1, 21.2] 31/200');
    expect(text).toContain('diverged');
    expect(text).toContain('NaN in epoch 2');
    expect(text).toContain('20 20 20 20 20 20 20 20 20 20');
  });

  it('shows the members of an ensemble, each with its own denominator', () => {
    const members = [
      { name: 'apgd-ce', success: rate(120, 200), kept: 120 },
      { name: 'square', success: rate(8, 80), kept: 8 },
    ];
    const ensemble = jobs.map((job) =>
      job.result?.kind === 'attack'
        ? { ...job, result: { ...job.result, metrics: { ...job.result.metrics, members } } }
        : job,
    );
    const text = textOf(elementsOf(renderReport(experimentOf(measuredNets, ensemble)))[0]!);
    expect(text).toMatch(/apgd-ce\s+member\s+60.0 %\[53.1, 66.5\] 120\/200\s+120 kept/);
    expect(text).toMatch(/square\s+member\s+10.0 %\[5.2, 18.5\] 8\/80\s+8 kept/);
  });

  it('shows what was found wrong with an uploaded adversarial set', () => {
    const verification = {
      images: 250,
      refused: { not_finite: 1, outside_box: 2, beyond_epsilon: 3 },
      other_originals: 5,
      rescaled_originals: 4,
      other_labels: 6,
      tolerance: 1e-6,
    };
    const verified = jobs.map((job) =>
      job.result?.kind === 'attack' ? { ...job, result: { ...job.result, verification } } : job,
    );
    const text = textOf(elementsOf(renderReport(experimentOf(measuredNets, verified)))[0]!).replaceAll(/\s+/g, ' ');
    expect(text).toContain('250 images in the file; refused: 1 not finite, 2 outside 0 to 1, 3 beyond epsilon');
    expect(text).toContain("other than the dataset's: 5 originals (4 but rescaled), 6 labels");
    expect(textOf(elementsOf(renderReport(whole))[0]!)).not.toContain('as uploaded');
  });

  it('gives each verdict with its reasons, its checks with their evidence, and its attacks', () => {
    const text = textOf(elementsOf(renderReport(experimentOf(measuredNets, [...jobs, evaluationOf('t20')])))[0]!);
    expect(text).toContain('The naive attack leaves 180 of 200 images');
    expect(text).toContain('178 of 200 gradients are zero in every pixel.');
    expect(text).toContain('zero in every pixel: 178/200 = 89.0 %');
    expect(text).toContain('median log10 of the largest component: −∞');
    expect(text).toContain('No surrogate was named.');
    expect(text).toContain('standing, made on standard');
    expect(textOf(elementsOf(renderReport(whole))[0]!)).not.toContain('Verdicts');
  });

  it('shows a transfer with its source, and its success there', () => {
    const transfers = jobs.map((job) =>
      job.result?.kind === 'attack'
        ? {
            ...job,
            labels: { ...job.labels, source: 'surrogate' },
            result: { ...job.result, metrics: { ...job.result.metrics, source_success: rate(190, 200) } },
          }
        : job,
    );
    const input = experimentOf(measuredNets, transfers);
    const text = textOf(elementsOf(renderReport(input))[0]!);
    expect(text).toMatch(/on surrogate\s+source\s+95.0 %\[91.0, 97.3\] 190\/200/);
    const cells = summarise(input).rows.flatMap(({ attacks }) => attacks);
    expect(new Set(cells.map(({ approach, follows }) => `${approach}: ${follows}`))).toEqual(
      new Set(['other: images made on surrogate']),
    );
  });

  it('announces what was done otherwise than asked', () => {
    const fallbacks = ['wasm in place of tfjs-node'];
    const fallen = jobs.map((job) =>
      job.result ? { ...job, result: { ...job.result, provenance: { ...job.result.provenance, fallbacks } } } : job,
    );
    const text = textOf(elementsOf(renderReport(experimentOf(measuredNets, fallen)))[0]!);
    expect(text).toContain('Done otherwise than asked');
    expect(text).toContain('t20: wasm in place of tfjs-node');
    expect(textOf(elementsOf(renderReport(whole))[0]!)).not.toContain('Done otherwise than asked');
  });

  it('escapes hostile names wherever they stand', () => {
    const hostile = `<script>alert("1")</script>'&`;
    const named = experimentOf(
      measuredNets,
      jobs.map((job) => ({
        ...job,
        name: hostile,
        detail: hostile,
        labels: { ...job.labels, model: `${hostile}${job.labels.model}`, grid: { [hostile]: hostile } },
      })),
      hostile,
    );
    const page = renderReport(named);
    const elements = elementsOf(page);
    expect(page).not.toContain('<script');
    expect(textOf(elements.find(({ tagName }) => tagName === 'title')!)).toBe(`${hostile} – Retort report`);
  });

  it('repeats the spec as a body that JSON can read', () => {
    const pre = textOf(elementsOf(renderReport(whole)).find(({ tagName }) => tagName === 'pre')!);
    const body = pre.split("<<'SPEC'\n")[1]!.replace(/\nSPEC$/, '');
    expect(JSON.parse(body)).toEqual({ ...whole.experiment.spec, reuse: false });
  });
});
