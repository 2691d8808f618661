import { resolve } from 'node:path';
import { SettingsError } from '@retort/contracts';
import { Type, type Static, type TObject } from 'typebox';

/** Where artifacts lie: in a folder, or in a bucket of S3 or of a server that speaks its protocol. */
export type ArtifactLocation = { readonly folder: string } | S3Location;

export interface S3Location {
  readonly bucket: string;
  /** What the keys begin with; empty, or with a slash at its end. */
  readonly prefix: string;
  /** The address of the server; Amazon's where absent. */
  readonly endpoint?: string;
  /** Whether the bucket is named in the path and not in the host. */
  readonly pathStyle: boolean;
  /** A folder for bytes that are sent on once they are there. */
  readonly spoolFolder: string;
}

/** The variables of the environment that say where artifacts lie; credentials and region are read by Amazon's library. */
export const artifactVariables = {
  RETORT_DATA: Type.String({ default: '.retort', description: 'The folder of artifacts and scratch files.' }),
  RETORT_ARTIFACTS: Type.Optional(
    Type.String({ description: 'A folder, or s3://bucket/prefix; the folder artifacts of RETORT_DATA where absent.' }),
  ),
  RETORT_S3_PATH_STYLE: Type.Optional(
    Type.Enum(['true', 'false'], {
      description: 'Whether the bucket is named in the path; true where an endpoint is set, else false.',
    }),
  ),
  AWS_ENDPOINT_URL: Type.Optional(Type.String({ description: 'The address of an S3-compatible server.' })),
  AWS_ENDPOINT_URL_S3: Type.Optional(Type.String({ description: 'The same; it wins.' })),
};

/** @throws SettingsError where `RETORT_ARTIFACTS` is an address that is not understood */
export function readArtifactLocation(env: Static<TObject<typeof artifactVariables>>): ArtifactLocation {
  const place = env.RETORT_ARTIFACTS ?? resolve(env.RETORT_DATA, 'artifacts');
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(place)) return { folder: resolve(place) };
  const s3 = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/.exec(place);
  if (!s3) {
    throw new SettingsError(
      `the environment variable RETORT_ARTIFACTS: "${place}" is neither a folder nor s3://bucket/prefix; name one of these`,
    );
  }
  const prefix = (s3[2] ?? '').replace(/\/+$/, '');
  const endpoint = env.AWS_ENDPOINT_URL_S3 ?? env.AWS_ENDPOINT_URL;
  return {
    bucket: s3[1]!,
    prefix: prefix === '' ? '' : `${prefix}/`,
    ...(endpoint !== undefined && { endpoint }),
    pathStyle: env.RETORT_S3_PATH_STYLE === undefined ? endpoint !== undefined : env.RETORT_S3_PATH_STYLE === 'true',
    spoolFolder: resolve(env.RETORT_DATA, 'incoming'),
  };
}
