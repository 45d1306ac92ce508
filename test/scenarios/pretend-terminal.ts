/**
 * Loaded before `postern` in a process of its own: lets it believe that somebody sits at a terminal, which is all that its
 * questions ask for. The keys then come as the bytes that a terminal sends.
 */
process.stdin.isTTY = true
process.stdin.setRawMode = () => process.stdin
process.stdout.isTTY = true
