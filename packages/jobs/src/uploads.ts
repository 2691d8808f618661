import { pointerStep, type JobSpec, type SpecProblem, type UploadContents } from '@retort/contracts';
import { ArtifactError, type Queryable, type SqlRunner } from '@retort/store';
import { collectedOf } from './artifacts.js';
import type { Clocked } from './change.js';
import type { UploadView } from './read/views.js';

/**
 * Records a file that lies in the store already; a file that was sent before stays as it was recorded.
 *
 * @throws ArtifactError where it was collected since it was put
 */
export async function recordUpload(
  { db, now }: Clocked,
  { sha256, contents }: { sha256: string; contents: UploadContents },
): Promise<UploadView> {
  await db.transaction(async (tx) => {
    if ((await collectedOf(tx, [sha256])).length > 0) {
      throw new ArtifactError('absent', `the file ${sha256} was removed before it could be recorded: send it again`);
    }
    await tx.$executeRaw`
      INSERT INTO uploads (sha256, contents, created_at) VALUES (${sha256}, ${JSON.stringify(contents)}::jsonb, ${now})
      ON CONFLICT (sha256) DO NOTHING`;
  });
  return (await readUpload(db, sha256))!;
}

/** An uploaded file, or undefined where there is none with this sha256. */
export async function readUpload(db: Queryable, sha256: string): Promise<UploadView | undefined> {
  const row = await db.upload.findUnique({ where: { sha256 }, include: { artifact: { select: { bytes: true } } } });
  if (!row) return undefined;
  const contents = row.contents as UploadContents;
  return { sha256, bytes: row.artifact.bytes, ...contents, created_at: row.createdAt.toISOString() };
}

/** A problem for each place of a posted spec that names a file which was not uploaded. */
export async function missingUploads(
  tx: SqlRunner,
  body: unknown,
  jobs: readonly { spec: JobSpec }[],
): Promise<SpecProblem[]> {
  const named = new Set(jobs.flatMap(({ spec }) => Object.values(spec.uploads ?? {})));
  if (named.size === 0) return [];
  const rows = await tx.$queryRaw<{ sha256: string }[]>`SELECT sha256 FROM uploads WHERE sha256 = ANY(${[...named]})`;
  for (const { sha256 } of rows) named.delete(sha256);
  return placesOf(named, body).map(([pointer, sha256]) => ({
    pointer,
    message: `there is no upload ${sha256}`,
    remedy: 'send the file to POST /v1/uploads first, and name the sha256 that it answers',
  }));
}

/** The JSON pointer of every string of a value that is one of these. */
function placesOf(wanted: ReadonlySet<string>, value: unknown, pointer = ''): [pointer: string, text: string][] {
  if (typeof value === 'string') return wanted.has(value) ? [[pointer, value]] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => placesOf(wanted, item, pointer + pointerStep(key)));
}
