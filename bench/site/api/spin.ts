/** Keeps the thread busy for 400 ms at a time: what a site's own slow code does to its neighbours is a case of its own. */
export default function spin(): string {
  const until = performance.now() + 400
  while (performance.now() < until);
  return 'done'
}
