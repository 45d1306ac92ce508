export function open(): object {
  return { hello: 'world' }
}

export function closed(): object {
  return { hello: 'world' }
}
