/** A Python wheel, which is a zip of shared libraries and headers. */
export interface Wheel {
  readonly project: string;
  readonly version: string;
  /** Its name on the index, and that of the file. */
  readonly file: string;
  /** As the index publishes it. */
  readonly sha256: string;
}

/**
 * The Python that wheels are asked for. Nothing of Python is used of them; with one version, there is one file to know,
 * whatever Python the machine has.
 */
export const PYTHON = { version: '3.11', implementation: 'cp', abi: 'cp311', platform: 'manylinux_2_27_x86_64' };

/** The official TensorFlow for the CPU: 274 MB. */
export const TENSORFLOW_CPU: Wheel = {
  project: 'tensorflow-cpu',
  version: '2.21.0',
  file: 'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl',
  sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
};
