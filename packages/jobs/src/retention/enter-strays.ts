import { ANY_BYTES, type ArtifactStore, type Database } from '@retort/store';

const PAGE = 1000;

/**
 * Enters what lies on one shelf of the store and is not in the database: what an older version, or a database restored
 * from a backup, knows nothing of. It is collected like anything else to which nothing refers, and counts as lost until
 * it is put: since it was seen there, it may have been removed.
 *
 * @param shelf the first two digits of the hashes
 * @returns how many there were
 */
export async function enterStrays(db: Database, store: ArtifactStore, shelf: string): Promise<number> {
  let entered = 0;
  for (let after = ''; ;) {
    const page = await store.list(shelf, { after, limit: PAGE });
    if (page.length > 0) {
      const strays = await db.sql.$queryRaw<unknown[]>`
        WITH entered AS (
          INSERT INTO artifacts (sha256, bytes, media_type, lost_at)
          SELECT sha256, least(bytes, 2147483647)::int, ${ANY_BYTES}, now()
          FROM unnest(${page.map(({ sha256 }) => sha256)}::text[], ${page.map(({ bytes }) => bytes)}::bigint[])
            AS stray (sha256, bytes)
          ON CONFLICT (sha256) DO NOTHING RETURNING sha256)
        INSERT INTO artifact_releases (sha256) SELECT sha256 FROM entered RETURNING id::text`;
      entered += strays.length;
    }
    if (page.length < PAGE) return entered;
    after = page.at(-1)!.sha256;
  }
}
