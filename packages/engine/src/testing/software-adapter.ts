import { existsSync, readdirSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { findDawn } from '../webgpu/find-dawn.js';

/** What a process needs in its environment for Dawn to find a software adapter, and for Retort to take it. */
export interface SoftwareAdapter {
  readonly LD_LIBRARY_PATH: string;
  readonly VK_DRIVER_FILES: string;
  readonly RETORT_WEBGPU_SOFTWARE: 'allow';
}

const LOADER = 'libvulkan.so.1';
/** Keeps a library in the process whatever becomes of what opened it; Node does not name this flag of Linux. */
const RTLD_NODELETE = 0x1000;

/** Folders with a Vulkan loader, and the drivers that it is to load. */
const PLACES: readonly { loader: string; drivers: string; driver: RegExp }[] = [
  // SwiftShader, which Debian's Chromium brings along.
  { loader: '/usr/lib/chromium', drivers: '/usr/lib/chromium', driver: /^vk_swiftshader_icd\.json$/ },
  // Mesa's lavapipe; Dawn takes it from Mesa 25 on.
  { loader: `/usr/lib/${triplet()}`, drivers: '/usr/share/vulkan/icd.d', driver: /^lvp_icd\..*json$/ },
];

/** A software adapter of this machine, or what keeps WebGPU from being tried here. */
export function findSoftwareAdapter(): SoftwareAdapter | string {
  if (!findDawn()) return 'run `npx retort engine install webgpu`';
  for (const { loader, drivers, driver } of PLACES) {
    if (!existsSync(join(loader, LOADER)) || !existsSync(drivers)) continue;
    const file = readdirSync(drivers).find((name) => driver.test(name));
    if (!file) continue;
    return { LD_LIBRARY_PATH: loader, VK_DRIVER_FILES: join(drivers, file), RETORT_WEBGPU_SOFTWARE: 'allow' };
  }
  return 'there is no software adapter: neither the SwiftShader of Chromium nor the lavapipe of Mesa';
}

/** Makes this process find the adapter; LD_LIBRARY_PATH is only read as a process starts. */
export function useSoftwareAdapter({ LD_LIBRARY_PATH, VK_DRIVER_FILES }: SoftwareAdapter): void {
  process.env.VK_DRIVER_FILES = VK_DRIVER_FILES;
  try {
    process.dlopen({ exports: {} }, join(LD_LIBRARY_PATH, LOADER), constants.dlopen.RTLD_NOW | RTLD_NODELETE);
  } catch (error) {
    // It is loaded, and no addon of Node, which is all that Node complains of.
    if (!(error as Error).message.includes('Module did not self-register')) throw error;
  }
}

function triplet(): string {
  return `${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`;
}
