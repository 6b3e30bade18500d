import type { DuckDBVector } from '@duckdb/node-api';
import type { Data, DataType } from 'apache-arrow';
import { type ColumnBuilder, columnData } from './column.ts';
import { FixedBuilder, type FixedKind } from './fixed-builder.ts';
import { rawValidity, rawView } from './raw-vector.ts';
import { ValidityBuilder } from './validity-builder.ts';

export class FixedColumn implements ColumnBuilder {
  private readonly validity = new ValidityBuilder();
  private readonly values: FixedBuilder;
  private readonly type: DataType;

  constructor(type: DataType, kind: FixedKind) {
    this.type = type;
    this.values = new FixedBuilder(kind);
  }

  get sizeBytes(): number {
    return this.values.sizeBytes;
  }

  append(vector: DuckDBVector, from: number, count: number): void {
    this.validity.append(rawValidity(vector), from, count);
    this.values.append(vector, from, count);
  }

  appendNulls(count: number): void {
    for (let i = 0; i < count; i += 1) this.validity.push(false);
    this.values.skip(count);
  }

  finish(): Data {
    return columnData(this.type, this.values.length, this.validity, { data: this.values.finish() });
  }
}

export class BoolColumn implements ColumnBuilder {
  private readonly validity = new ValidityBuilder();
  private readonly values = new ValidityBuilder();
  private length = 0;
  private readonly type: DataType;

  constructor(type: DataType) {
    this.type = type;
  }

  get sizeBytes(): number {
    return this.length >> 3;
  }

  append(vector: DuckDBVector, from: number, count: number): void {
    const view = rawView(vector);
    this.validity.append(rawValidity(vector), from, count);
    for (let i = from; i < from + count; i += 1) this.values.push(view.getUint8(i) !== 0);
    this.length += count;
  }

  appendNulls(count: number): void {
    for (let i = 0; i < count; i += 1) {
      this.validity.push(false);
      this.values.push(false);
    }
    this.length += count;
  }

  finish(): Data {
    const data = this.values.finish() ?? new Uint8Array((this.length + 7) >> 3).fill(0xff);
    return columnData(this.type, this.length, this.validity, { data });
  }
}
