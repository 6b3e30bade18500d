/** Time for ages on the page: one tick every 20 s for all of them, and none where nothing is read. */
let now = $state(Date.now());

if (typeof window !== 'undefined') {
  setInterval(() => (now = Date.now()), 20_000);
}

export const clock = {
  get now(): number {
    return now;
  },
};
