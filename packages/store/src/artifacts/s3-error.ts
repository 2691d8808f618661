import { ArtifactError } from './artifact-store.js';

/** What an error of Amazon's library holds, where the server answered. */
interface S3Failure extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number };
}

const REFUSALS = [
  'AccessDenied',
  'ExpiredToken',
  'InvalidAccessKeyId',
  'InvalidToken',
  'SignatureDoesNotMatch',
  'Forbidden',
];

/**
 * What a request to S3 that failed means.
 *
 * @param place the bucket with its address, as people know it
 * @param doing what was tried, such as `reading artifact <sha256>`
 */
export function s3Error(error: unknown, place: string, doing: string): ArtifactError {
  if (error instanceof ArtifactError) return error;
  const failure = error as S3Failure;
  const options = { cause: error };
  const status = failure.$metadata?.httpStatusCode;
  if (failure.name === 'NoSuchBucket') {
    const message = `there is no bucket at ${place}: create it, or name another in RETORT_ARTIFACTS`;
    return new ArtifactError('refused', message, options);
  }
  if (failure.name === 'CredentialsProviderError' || /region is missing/i.test(failure.message)) {
    const remedy = 'set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_REGION, or give the machine a role';
    return new ArtifactError('refused', `${place} cannot be asked: ${failure.message}; ${remedy}`, options);
  }
  if (status === 401 || status === 403 || REFUSALS.includes(failure.name)) {
    const remedy =
      'check the credentials, and that they allow to list the bucket and to get, put and delete its objects';
    return new ArtifactError('refused', `${place} refuses ${doing} (${failure.name}); ${remedy}`, options);
  }
  const answer = status === undefined ? failure.message || failure.name : `${status} ${failure.name}`;
  return new ArtifactError('unreachable', `${place} does not answer to ${doing}: ${answer}`, options);
}
