/** Ends a process together with the processes it started. */

import { type ChildProcess, spawn } from 'node:child_process'

/** Sends a signal to the process and all that it started. What is gone already is fine. Windows has no signals: there they are ended. */
export function signalGroup(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  const { pid } = child
  if (pid === undefined) return
  if (process.platform === 'win32') {
    spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true }).on('error', () => void child.kill())
    return
  }
  try {
    process.kill(-pid, signal)
  } catch {
    // No such group: everybody left.
  }
}

/** Ends what a process left behind when it ended: SIGTERM, and SIGKILL later. */
export function signalRest(child: ChildProcess, killAfterMs: number): void {
  if (process.platform === 'win32' || !groupLives(child)) return
  signalGroup(child, 'SIGTERM')
  setTimeout(() => signalGroup(child, 'SIGKILL'), killAfterMs).unref()
}

function groupLives({ pid }: ChildProcess): boolean {
  try {
    return pid !== undefined && process.kill(-pid, 0)
  } catch {
    return false
  }
}
