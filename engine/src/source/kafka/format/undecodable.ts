/** The message is at fault, not the world: it is set aside. */
export class Undecodable extends Error {}
