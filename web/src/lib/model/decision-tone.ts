/** The colour of a decision's chip. */
export function toneOf(decision: string): 'fresh' | 'stale' | 'failed' {
  return decision === 'approve' ? 'fresh' : decision === 'deny' ? 'failed' : 'stale';
}
