/**
 * A thread of the house that does nothing but hash passwords. It has less of a claim on the processor than the threads that
 * answer: where both want the last core, a sign-in waits and not everybody (bench: sign-ins). On Linux alone a thread has a
 * priority of its own; elsewhere it would be the whole process's.
 */
import { setPriority } from 'node:os'
import { parentPort } from 'node:worker_threads'
import { hashSync, verifySync } from '@node-rs/argon2'
import type { HashAnswer, HashJob } from './hash-threads.ts'

const nice = 10

if (process.platform === 'linux') setPriority(0, nice)
parentPort?.on('message', (job: HashJob) => parentPort?.postMessage(answerTo(job)))

function answerTo(job: HashJob): HashAnswer {
  try {
    return { value: 'stored' in job ? verifySync(job.stored, job.password) : hashSync(job.password, job.cost) }
  } catch (thrown) {
    return { failed: String(thrown) }
  }
}
