import { existsSync } from 'node:fs';

/** Where the peers are. */
export interface PeerEnvironment {
  /** The Python interpreter, with torch, numpy and scipy. */
  readonly python: string;
  /** A folder of clones of the libraries' repositories; absent where the interpreter has them installed. */
  readonly clones: string | undefined;
}

/** What to set where there are no peers. */
export const PEERS_HELP = `Set RETORT_PEERS_PYTHON to a Python interpreter that has torch, numpy and scipy, and RETORT_PEERS_PATH to a
folder with clones of the peers' repositories (bethgelab/foolbox, jonasrauber/eagerpy, Harry24k/adversarial-attacks-pytorch,
fra31/auto-attack, jeromerony/adversarial-library), or leave it out where that Python has them installed.`;

/** The environment that the variables name, or undefined where they name none. */
export function peerEnvironment(variables: NodeJS.ProcessEnv): PeerEnvironment | undefined {
  const { RETORT_PEERS_PYTHON: python, RETORT_PEERS_PATH: clones } = variables;
  if (python === undefined || python === '') return undefined;
  for (const [name, path] of Object.entries({ RETORT_PEERS_PYTHON: python, RETORT_PEERS_PATH: clones })) {
    if (path !== undefined && !existsSync(path))
      throw new Error(`${name} is ${path}, which does not exist. ${PEERS_HELP}`);
  }
  return { python, clones };
}
