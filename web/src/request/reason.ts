/** A browser follows a redirect or hides it; hidden, it is at least not taken for an answer. */
export function reasonOf({ type, status, statusText }: Response): string {
  if (type === 'opaqueredirect') return 'Redirect, whose target a browser does not tell'
  return statusText || (reasons[status] ?? '')
}

/** HTTP/2 carries no reason phrase. */
const reasons: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  204: 'No Content',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  412: 'Precondition Failed',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
}
