import { isTerminal, type JobResult } from '@retort/contracts';
import { readJob } from '../read/jobs.js';
import type { JobReading } from '../read/waiting.js';
import type { ArtifactState, JobView, VerificationView } from '../read/views.js';
import { compareProvenance, compareResults } from './compare.js';

/** A verification by the job that computes again, compared as far as it has come; undefined where that job is none. */
export async function readVerification(reading: JobReading, jobId: string): Promise<VerificationView | undefined> {
  const row = await reading.db.verification.findUnique({ where: { jobId } });
  const [again, original] = row ? await Promise.all([readJob(reading, jobId), readJob(reading, row.originalId)]) : [];
  if (!row || !again || !original) return undefined;
  const artifacts = compareArtifacts(original, again, row.stored as Record<string, ArtifactState>);
  const compared =
    again.result && original.result
      ? {
          differences: compareResults(original.result, again.result),
          provenance: compareProvenance(original.result, again.result),
        }
      : { differences: null, provenance: null };
  const equal = compared.differences?.length === 0 && artifacts.every((artifact) => artifact.equal);
  return {
    job_id: again.id,
    experiment_id: again.experiment_id,
    original_id: original.id,
    outcome:
      again.status === 'succeeded' ? (equal ? 'equal' : 'differs') : isTerminal(again.status) ? 'failed' : 'pending',
    status: again.status,
    reason: again.reason,
    detail: again.detail,
    made_by: { original: makerOf(original.result), again: makerOf(again.result) },
    ...compared,
    artifacts,
    created_at: again.created_at,
  };
}

function compareArtifacts(original: JobView, again: JobView, stored: Readonly<Record<string, ArtifactState>>) {
  const names = [...new Set([...original.artifacts, ...again.artifacts].map(({ name }) => name))];
  return names.map((name) => {
    const sha256Of = ({ artifacts }: JobView) => artifacts.find((artifact) => artifact.name === name)?.sha256 ?? null;
    const hashes = { original: sha256Of(original), again: sha256Of(again) };
    const state = stored[name] ?? 'absent';
    return { name, ...hashes, stored: state, equal: hashes.original === hashes.again && state === 'intact' };
  });
}

function makerOf(result: JobResult | null): VerificationView['made_by']['original'] {
  if (!result) return null;
  const { engine, code_version } = result.provenance;
  return { engine: engine.name, versions: engine.versions, device: engine.device, code_version };
}
