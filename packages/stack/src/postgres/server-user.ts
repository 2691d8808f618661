import { execFile } from 'node:child_process';
import { chown, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * As whom PostgreSQL runs. It refuses to run as root, and its data folder must belong to the user that it runs as.
 */
export interface ServerUser {
  /** As in an error: "the user 65534". */
  name: string;
  /** Makes a folder and all it holds belong to that user, if it does not yet. */
  own(folder: string): Promise<void>;
  /** How to spawn a program as that user. */
  as(command: string, args: string[]): { command: string; args: string[]; uid?: number; gid?: number };
}

interface Ids {
  uid: number;
  gid: number;
}

/**
 * Chooses as whom PostgreSQL runs: as this user, if that is not root; else as the owner of the folder, if that is not
 * root; else as root in a user namespace, in which root has another number; else, where the machine forbids user
 * namespaces, as nobody.
 *
 * @param folder that exists, and in which the data lie or will lie
 */
export async function chooseServerUser(folder: string): Promise<ServerUser> {
  if (process.getuid?.() !== 0) return thisUser;
  const owner = await stat(folder);
  if (owner.uid !== 0) return otherUser({ uid: owner.uid, gid: owner.gid });
  const nobody = await findNobody();
  return (await namespacesWork(nobody)) ? renumberedRoot(nobody) : otherUser(nobody);
}

const thisUser: ServerUser = {
  name: 'this user',
  own: () => Promise.resolve(),
  as: (command, args) => ({ command, args }),
};

function otherUser(ids: Ids): ServerUser {
  return {
    name: `the user ${ids.uid} (PostgreSQL does not run as root)`,
    own: async (folder) => {
      if ((await stat(folder)).uid === ids.uid) return;
      for (const name of await readdir(folder, { recursive: true })) await chown(join(folder, name), ids.uid, ids.gid);
      await chown(folder, ids.uid, ids.gid);
    },
    as: (command, args) => ({ command, args, ...ids }),
  };
}

function renumberedRoot(ids: Ids): ServerUser {
  return {
    name: 'root in a user namespace',
    own: () => Promise.resolve(),
    as: (command, args) => ({ command: 'unshare', args: [...unshareAs(ids), command, ...args] }),
  };
}

function unshareAs({ uid, gid }: Ids): string[] {
  return ['--user', `--map-user=${uid}`, `--map-group=${gid}`];
}

async function namespacesWork(ids: Ids): Promise<boolean> {
  return run('unshare', [...unshareAs(ids), 'true']).then(
    () => true,
    () => false, // no unshare on the PATH, or not allowed here
  );
}

/** PostgreSQL wants its user to have a name, so that the numbers must be in the list of users. */
async function findNobody(): Promise<Ids> {
  const users = await readFile('/etc/passwd', 'utf8');
  const [, uid = '65534', gid = '65534'] = /^nobody:[^:]*:(-?\d+):(-?\d+):/m.exec(users) ?? [];
  return { uid: Number(uid), gid: Number(gid) };
}
