import { isIPv6 } from 'node:net'

/**
 * What limits are counted under: an IPv4 address by itself; of an IPv6 address its /64, since whoever has one address
 * there has them all.
 */
export function addressKey(address: string): string {
  const [plain = ''] = address.split('%')
  if (!isIPv6(plain)) return plain
  const mapped = /^(?:0*:)*:?(?:0*:)*ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)
  if (mapped?.[1] !== undefined) return mapped[1]
  const [head = [], tail = []] = plain.split('::').map(groupsOf)
  const gap = Array.from({ length: 8 - head.length - tail.length }, () => '0')
  const groups = [...head, ...gap, ...tail]
  return `${groups.slice(0, 4).map(plainGroup).join(':')}::/64`
}

/** A dotted end stands for two groups. */
function groupsOf(text: string): string[] {
  return text === '' ? [] : text.split(':').flatMap((group) => (group.includes('.') ? ['x', 'x'] : [group]))
}

function plainGroup(group: string): string {
  return Number.parseInt(group, 16).toString(16)
}
