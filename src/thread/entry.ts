/** The composition root of a site's thread: fits the rooms that load a site to the thread's life. */
import { parentPort } from 'node:worker_threads'
import { loadSiteCode } from '../app/load-site-code.ts'
import { must } from '../errors/must.ts'
import { serveSite } from './serve-site.ts'

serveSite(must(parentPort, 'this file is the entry of a thread'), loadSiteCode)
