import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';

/** `up` is from the client to the server, `down` from the server to the client. */
export type Direction = 'up' | 'down';

/** Where a proxy stops a connection: once its client has sent these texts, one after the other. */
export interface Trap {
  readonly sent: readonly string[];
  /** `before`: the server never sees the last of them; `after`: the server sees it, but its answer is held. */
  readonly when: 'before' | 'after';
}

/** A TCP proxy that can behave as bad networks do. */
export interface TcpProxy {
  /** The server's URL, with the proxy's address. */
  readonly url: string;
  /** Connections that are open now. */
  readonly open: number;
  /** Stops forwarding on the connections that are open now, without closing any; new ones work. */
  freeze(...directions: Direction[]): void;
  /** Closes all connections at once, with a reset; new ones work. */
  cut(): void;
  /** Closes all connections and refuses new ones, until `accept`. */
  refuse(): void;
  accept(): void;
  /** Freezes the first connection that gets into the trap; resolves then. */
  trap(trap: Trap): Promise<void>;
  close(): void;
}

/** Starts a proxy before a server, for those that are given its URL instead of the server's. */
export async function startTcpProxy(serverUrl: string): Promise<TcpProxy> {
  const target = new URL(serverUrl);
  const links = new Set<Link>();
  let refusing = false;
  let set: { trap: Trap; met: Map<Link, number>; onSprung: () => void } | undefined;

  function spring(link: Link, chunk: Buffer): void {
    if (!set) return;
    const { sent, when } = set.trap;
    let met = set.met.get(link) ?? 0;
    while (met < sent.length && chunk.includes(sent[met]!)) met++;
    set.met.set(link, met);
    if (met < sent.length) return;
    link.freeze(when === 'before' ? ['up', 'down'] : ['down']);
    set.onSprung();
    set = undefined;
  }

  const server = createServer((near) => {
    if (refusing) {
      near.resetAndDestroy();
      return;
    }
    const far = connect(Number(target.port), target.hostname);
    const link = new Link(near, far, (chunk) => spring(link, chunk));
    links.add(link);
    near.once('close', () => links.delete(link));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(serverUrl);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;

  const cut = () => {
    for (const link of links) link.cut();
  };
  return {
    url: url.href,
    get open() {
      return links.size;
    },
    freeze(...directions) {
      for (const link of links) link.freeze(directions);
    },
    cut,
    refuse() {
      refusing = true;
      cut();
    },
    accept() {
      refusing = false;
    },
    trap: (trap) => new Promise((onSprung) => (set = { trap, met: new Map(), onSprung })),
    close() {
      cut();
      server.close();
    },
  };
}

/** A client's connection and the one to the server that belongs to it. */
class Link {
  readonly #frozen = new Set<Direction>();

  constructor(
    private readonly near: Socket,
    private readonly far: Socket,
    onSent: (chunk: Buffer) => void,
  ) {
    near.on('data', (chunk) => {
      onSent(chunk);
      if (!this.#frozen.has('up')) far.write(chunk);
    });
    far.on('data', (chunk) => {
      if (!this.#frozen.has('down')) near.write(chunk);
    });
    // A frozen direction carries no end either: the other side is to believe that the connection is there.
    near.on('close', () => {
      if (!this.#frozen.has('up')) far.destroy();
    });
    far.on('close', () => {
      if (!this.#frozen.has('down')) near.destroy();
    });
    near.on('error', () => undefined);
    far.on('error', () => undefined);
  }

  freeze(directions: readonly Direction[]): void {
    for (const direction of directions) this.#frozen.add(direction);
  }

  cut(): void {
    this.near.resetAndDestroy();
    this.far.resetAndDestroy();
  }
}
