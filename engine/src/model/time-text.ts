/** A step's time as people read it: a date where it is the start of a day. */
export function timeText(at: number, isCalendar: boolean): string {
  return isCalendar ? instantText(at).replace(/T00:00:00.000Z$/, '') : String(at);
}

export function instantText(seconds: number): string {
  return new Date(Math.round(seconds * 1000)).toISOString();
}
