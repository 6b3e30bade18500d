/** How a partition is called: by its number, and by its topic where several are read. */
export function laneOf({ topic, partition }: { topic?: string; partition: number }): string {
  return topic === undefined ? String(partition) : `${topic}:${partition}`;
}
