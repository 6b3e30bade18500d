/** Whether a secret may be sent to `host`. One that names no hosts goes only where the operator allows private ones. */
export function mayGoTo(host: string, bound: readonly string[], allowedHosts: readonly string[]): boolean {
  const name = plain(host);
  if (bound.length === 0) return allowedHosts.some((allowed) => plain(allowed.replace(/:\d+$/, '')) === name);
  return bound.some((rule) => matches(name, plain(rule)));
}

/** `*.example.com` and `.example.com` stand for all below it, and not for itself. */
function matches(host: string, rule: string): boolean {
  const below = rule.replace(/^\*(?=\.)/, '');
  return below.startsWith('.') ? host.endsWith(below) && host.length > below.length : host === rule;
}

function plain(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
}

/** A host as people write it for a secret: a name or an address, `*.` before a name for all below it. */
export const HOST_RULE = /^(\*\.)?[A-Za-z0-9]([A-Za-z0-9._:-]{0,252}[A-Za-z0-9])?$/;

/** Of tags and environment variables: with commas or spaces. */
export function hostsIn(text: string | undefined): string[] {
  return (text ?? '').split(/[\s,]+/).filter((host) => host !== '');
}
