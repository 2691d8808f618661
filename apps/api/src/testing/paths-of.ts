import type { FastifyInstance } from 'fastify';

/** Every path of an app, written as OpenAPI does, read from the tree that Fastify prints of its router. */
export function pathsOf(app: FastifyInstance): string[] {
  const found = new Set<string>();
  const steps: string[] = [];
  // A step a line, indented by four characters a level, with its methods in brackets.
  for (const line of app.printRoutes({ commonPrefix: false }).split('\n')) {
    const match = /^([│├└─\s]+)(\S+)( \([A-Z, ]+\))?/.exec(line);
    if (!match) continue;
    steps.splice(match[1]!.length / 4 - 1, Infinity, match[2]!);
    if (match[3]) found.add(steps.join('').replaceAll(/:(\w+)/g, '{$1}'));
  }
  return [...found];
}
