import type { TensorflowPackage } from '../backends/tensorflow.js';

/** A Python wheel, which is a zip of shared libraries and headers. */
export interface Wheel {
  readonly project: string;
  readonly version: string;
  /** The name of the file: `project-version-python-abi-platform.whl`. */
  readonly file: string;
  /** As the index publishes it. */
  readonly sha256: string;
}

// Nothing of Python is used of these wheels: for each there is one file to know, whatever Python the machine has.

/** 274 MB. */
const TENSORFLOW_CPU: Wheel = {
  project: 'tensorflow-cpu',
  version: '2.21.0',
  file: 'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl',
  sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
};

/** 573 MB. */
const TENSORFLOW_GPU: Wheel = {
  project: 'tensorflow',
  version: '2.21.0',
  file: 'tensorflow-2.21.0-cp312-cp312-manylinux_2_27_x86_64.whl',
  sha256: 'b3b95643c4e70eb925839938fb35cbe142f317ec84af6844ee61513713bb13c0',
};

const nvidia = (component: string, version: string, platform: string, sha256: string): Wheel => ({
  project: `nvidia-${component}-cu12`,
  version,
  file: `nvidia_${component.replaceAll('-', '_')}_cu12-${version}-py3-none-${platform}.whl`,
  sha256,
});
const [GLIBC_2_12, GLIBC_2_17, GLIBC_2_18, GLIBC_2_27] = [
  'manylinux2010_x86_64.manylinux_2_12_x86_64',
  'manylinux2014_x86_64.manylinux_2_17_x86_64',
  'manylinux_2_18_x86_64',
  'manylinux_2_27_x86_64',
] as const;

/**
 * CUDA 12.8 and what else `tensorflow[and-cuda]` 2.21.0 asks for, in versions that its metadata allows. Its
 * nvidia-cuda-nvcc is left out: only XLA compiles, and tfjs-node runs one operation after the other.
 */
const CUDA: readonly Wheel[] = [
  nvidia('cublas', '12.8.4.1', GLIBC_2_27, '8ac4e771d5a348c551b2a426eda6193c19aa630236b418086020df5ba9667142'),
  nvidia('cuda-cupti', '12.8.90', GLIBC_2_17, 'ea0cb07ebda26bb9b29ba82cda34849e73c166c18162d3913575b0c9db9a6182'),
  nvidia('cuda-nvrtc', '12.8.93', GLIBC_2_12, 'a7756528852ef889772a84c6cd89d41dfa74667e24cca16bb31f8f061e3e9994'),
  nvidia('cuda-runtime', '12.8.90', GLIBC_2_17, 'adade8dcbd0edf427b7204d480d6066d33902cab2a4707dcfc48a2d0fd44ab90'),
  nvidia('cudnn', '9.19.0.56', GLIBC_2_27, 'ac6ad90a075bb33a94f2b4cf4622eac13dd4dc65cf6dd9c7572a318516a36625'),
  nvidia('cufft', '11.3.3.83', GLIBC_2_17, '4d2dd21ec0b88cf61b62e6b43564355e5222e4a3fb394cac0db101f2dd0d4f74'),
  nvidia('curand', '10.3.9.90', GLIBC_2_27, 'b32331d4f4df5d6eefa0554c565b626c7216f87a06a4f56fab27c3b68a830ec9'),
  nvidia('cusolver', '11.7.3.90', GLIBC_2_27, '4376c11ad263152bd50ea295c05370360776f8c3427b30991df774f9fb26c450'),
  nvidia('cusparse', '12.5.8.93', GLIBC_2_17, '1ec05d76bbbd8b61b06a80e1eaf8cf4959c3d4ce8e711b65ebd0443bb0ebb13b'),
  nvidia('nccl', '2.28.9', GLIBC_2_18, '485776daa8447da5da39681af455aa3b2c2586ddcf4af8772495e7c532c7e5ab'),
  nvidia('nvjitlink', '12.8.93', GLIBC_2_12, '81ff63371a7ebd6e6451970684f916be2eab07321b73c9d244dc2b4da7f73b88'),
];

/** The official TensorFlow of an engine, and the wheels of what that loads. */
export const WHEELS: Record<TensorflowPackage, { tensorflow: Wheel; cuda: readonly Wheel[] }> = {
  'tfjs-node': { tensorflow: TENSORFLOW_CPU, cuda: [] },
  'tfjs-node-gpu': { tensorflow: TENSORFLOW_GPU, cuda: CUDA },
};
