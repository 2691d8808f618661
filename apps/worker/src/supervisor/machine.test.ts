import { describe, expect, it } from 'vitest';
import { coresOf, cpuGroups, readMachine } from './machine.js';

describe('cpuGroups', () => {
  it('finds the folders of version 2, up to the root', () => {
    expect(cpuGroups('0::/system.slice/retort.service\n')).toEqual([
      '/sys/fs/cgroup/system.slice/retort.service',
      '/sys/fs/cgroup/system.slice',
      '/sys/fs/cgroup',
    ]);
  });

  it('finds those of the processor in version 1', () => {
    const groups = '9:memory:/docker/1f\n4:cpu,cpuacct:/docker/1f\n3:cpuset:/\n';
    expect(cpuGroups(groups)).toEqual([
      '/sys/fs/cgroup/cpu,cpuacct/docker/1f',
      '/sys/fs/cgroup/cpu,cpuacct/docker',
      '/sys/fs/cgroup/cpu,cpuacct',
    ]);
  });
});

describe('coresOf', () => {
  it.each([
    ['150000 100000\n', 1.5],
    ['max 100000\n', undefined],
    ['-1 100000', undefined],
    ['', undefined],
  ])('reads %j', (quota, cores) => {
    expect(coresOf(quota)).toBe(cores);
  });
});

describe('readMachine', () => {
  it('finds cores and memory here, and takes the number of GPUs that it is told', async () => {
    const { cores, memory, gpus } = await readMachine({ gpus: 2 });
    expect(cores).toBeGreaterThanOrEqual(1);
    expect(memory).toBeGreaterThan(2 ** 28);
    expect(memory).toBeLessThan(2 ** 50);
    expect(gpus).toEqual(['0', '1']);
  });
});
