import { Type, type Static } from 'typebox';

/** The sha256 of an uploaded file, by which specs name it. */
export const UploadHash = Type.String({
  pattern: '^[0-9a-f]{64}$',
  description: 'The sha256 of a file that was sent to POST /v1/uploads.',
});

/** Uploaded files that a job reads, by the role that each plays in it. */
export const Uploads = Type.Record(Type.String(), UploadHash);
export type Uploads = Static<typeof Uploads>;

/** The bytes of an upload as Retort understands them, without reading them all. */
export const UploadContents = Type.Object({
  format: Type.Enum(['npz', 'npy', 'idx', 'other'], {
    description: 'What the first bytes, or the directory of a zip file, say that it is.',
  }),
  arrays: Type.Array(
    Type.Object({
      name: Type.String({ description: 'The name in an .npz file; empty where the file is one array.' }),
      shape: Type.Array(Type.Integer()),
      dtype: Type.String({
        description:
          'The element type as numpy names it, such as `uint8`; `|O` and the like where Retort cannot read it.',
      }),
    }),
    { description: 'The arrays of an .npz file (the first 256), or the one array of an .npy or idx file.' },
  ),
});
export type UploadContents = Static<typeof UploadContents>;
