import { defineHook } from 'postern'

/** Who changed what stands in the log, whichever door the change came through. */
export default defineHook({
  id: 'museum.note-changes',
  on: ['objects.create', 'objects.update', 'objects.delete'],
  after(call) {
    const by = call.caller.kind === 'anonymous' ? 'nobody' : call.caller.name
    call.log.info('The catalogue was changed', { by, path: call.path })
  },
})
