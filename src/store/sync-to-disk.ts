import { open } from 'node:fs/promises'

/** A file or folder: on disk, not just on its way there. Some systems cannot do that for folders. */
export async function syncToDisk(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } catch (thrown) {
    if (process.platform !== 'win32') throw thrown
  } finally {
    await handle.close()
  }
}
