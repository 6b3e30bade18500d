/** Iceberg's schema as its JSON has it. A field id means one column for ever (W4). */
export interface IceField {
  readonly id: number;
  readonly name: string;
  readonly required: boolean;
  readonly type: IceType;
  readonly doc?: string;
}

export interface IceList {
  readonly type: 'list';
  readonly 'element-id': number;
  readonly element: IceType;
  readonly 'element-required': boolean;
}

export interface IceMap {
  readonly type: 'map';
  readonly 'key-id': number;
  readonly key: IceType;
  readonly 'value-id': number;
  readonly value: IceType;
  readonly 'value-required': boolean;
}

export interface IceStruct {
  readonly type: 'struct';
  readonly fields: readonly IceField[];
}

/** A primitive is its Iceberg word: `long`, `decimal(12, 2)`, `fixed[16]`, … */
export type IceType = string | IceList | IceMap | IceStruct;

export interface Decimal {
  readonly precision: number;
  readonly scale: number;
}

export function decimalOf(type: IceType): Decimal | null {
  if (typeof type !== 'string') return null;
  const found = /^decimal\((\d+),\s*(\d+)\)$/.exec(type);
  return found ? { precision: Number(found[1]), scale: Number(found[2]) } : null;
}

/** The highest id used in these fields, however deep. */
export function highestId(fields: readonly IceField[]): number {
  return Math.max(0, ...fields.map((field) => Math.max(field.id, highestIdOf(field.type))));
}

function highestIdOf(type: IceType): number {
  if (typeof type === 'string') return 0;
  switch (type.type) {
    case 'list':
      return Math.max(type['element-id'], highestIdOf(type.element));
    case 'map':
      return Math.max(type['key-id'], type['value-id'], highestIdOf(type.key), highestIdOf(type.value));
    case 'struct':
      return highestId(type.fields);
  }
}
