import type { Call } from 'postern'

const items = new Map([['AAA', { code: 'AAA', title: 'A lamp' }]])

/** One name for one segment of the path. What is not there is `false`: 404. */
export const GET = ({ params }: Call) => items.get(String(params.code)) ?? false
