export type { Acceptance } from './accept-once.js';
export {
  anyApiKey,
  authenticate,
  changeApiKey,
  createApiKey,
  revokeApiKey,
  rotateApiKey,
  type Authentication,
  type Caller,
  type IssuedApiKey,
} from './api-keys.js';
export { isKept, openArtifacts, registerArtifact, stateOf } from './artifacts.js';
export { cancelExperiment, cancelJob, type Cancellation } from './cancel.js';
export type { Clocked } from './change.js';
export {
  claimTask,
  type Claim,
  type ClaimedInput,
  type ClaimedTask,
  type Lease,
  type LeaseTerms,
  type Share,
} from './claim.js';
export { recordCheckpoint, type KeptCheckpoint } from './checkpoint.js';
export {
  callChannel,
  openDeliveryQueue,
  queueName,
  type Delivery,
  type DeliveryQueue,
  type TaskAttempt,
} from './delivery.js';
export { hearBell, openBell, type Bell } from './dispatch/bell.js';
export { dispatch, type KindLimits } from './dispatch/dispatch.js';
export { startDispatcher, type Dispatcher } from './dispatch/dispatcher.js';
export { deleteExperiment } from './delete-experiment.js';
export { finishTask, type KeptArtifact, type Outcome } from './finish.js';
export { renewLease, type Heartbeat, type Request } from './heartbeat.js';
export { newId } from './id.js';
export { pause, resume } from './pause.js';
export { datasetHash, planExperiment, type Plan, type PlannedJob, type Planning } from './plan/plan.js';
export { recordProgress, type Report } from './progress.js';
export * from './read/index.js';
export { reconcile, startReconciler, type Reconciled } from './reconcile.js';
export type { RetentionTerms } from './retention/policies.js';
export { retain, startRetention, type Retained, type Retention } from './retention/retain.js';
export { retryExperiment, type Retry } from './retry.js';
export { submitExperiment, type Submission } from './submit.js';
export { readUpload, recordUpload } from './uploads.js';
export { readVerification } from './verify/read-verification.js';
export { submitVerification, type VerificationRequest } from './verify/submit-verification.js';
export { registerWorker, reportWorker, requestDrain, type WorkerIdentity, type WorkerState } from './workers.js';
