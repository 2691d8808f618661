import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'parts',
          include: ['{packages,apps}/*/src/**/*.test.ts', 'test/**/*.test.ts', 'bench/**/*.test.ts'],
          exclude: [...configDefaults.exclude, 'test/faults/**'],
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        // They mostly wait, for servers that are down and leases that end: more of them than cores run at once.
        test: { name: 'faults', include: ['test/faults/**/*.test.ts'], maxWorkers: 4, sequence: { groupOrder: 1 } },
      },
    ],
    globalSetup: ['test/setup/stack.ts'],
    // Limits for what hangs, and no measure of speed: a machine that does much besides may be ten times as slow.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 120_000 } },
  },
});
