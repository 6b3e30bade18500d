import { DuckDBListVector, DuckDBStructVector, type DuckDBVector } from '@duckdb/node-api';
import type { Data, DataType } from 'apache-arrow';
import { type ColumnBuilder, columnData } from './column.ts';
import { isValid, rawMember, rawValidity } from './raw-vector.ts';
import { ValidityBuilder } from './validity-builder.ts';

export class StructBuilder implements ColumnBuilder {
  private readonly validity = new ValidityBuilder();
  private length = 0;
  private readonly type: DataType;
  private readonly entries: readonly ColumnBuilder[];

  constructor(type: DataType, entries: readonly ColumnBuilder[]) {
    this.type = type;
    this.entries = entries;
  }

  get sizeBytes(): number {
    return this.entries.reduce((sum, entry) => sum + entry.sizeBytes, 0);
  }

  append(vector: DuckDBVector, from: number, count: number): void {
    if (!(vector instanceof DuckDBStructVector)) throw new TypeError('expected a struct vector');
    this.validity.append(rawValidity(vector), from, count);
    for (const [index, entry] of this.entries.entries()) entry.append(vector.entryVectorAt(index), from, count);
    this.length += count;
  }

  appendNulls(count: number): void {
    for (let i = 0; i < count; i += 1) this.validity.push(false);
    for (const entry of this.entries) entry.appendNulls(count);
    this.length += count;
  }

  finish(): Data {
    const children = this.entries.map((entry) => entry.finish());
    return columnData(this.type, this.length, this.validity, { children });
  }
}

export class ListBuilder implements ColumnBuilder {
  private readonly validity = new ValidityBuilder();
  private readonly offsets: number[] = [0];
  private readonly type: DataType;
  private readonly items: ColumnBuilder;

  constructor(type: DataType, items: ColumnBuilder) {
    this.type = type;
    this.items = items;
  }

  get sizeBytes(): number {
    return this.items.sizeBytes + this.offsets.length * 4;
  }

  append(vector: DuckDBVector, from: number, count: number): void {
    if (!(vector instanceof DuckDBListVector)) throw new TypeError('expected a list vector');
    const validity = rawValidity(vector);
    this.validity.append(validity, from, count);
    const run = { start: 0, length: 0 };
    for (let index = from; index < from + count; index += 1) {
      const length = isValid(validity, index) ? vector.getEntryLength(index) : 0;
      this.offsets.push((this.offsets.at(-1) ?? 0) + length);
      if (length === 0) continue;
      const start = vector.getEntryOffset(index);
      if (start !== run.start + run.length) {
        this.copy(vector, run);
        Object.assign(run, { start, length: 0 });
      }
      run.length += length;
    }
    this.copy(vector, run);
  }

  appendNulls(count: number): void {
    for (let i = 0; i < count; i += 1) {
      this.validity.push(false);
      this.offsets.push(this.offsets.at(-1) ?? 0);
    }
  }

  finish(): Data {
    const length = this.offsets.length - 1;
    const valueOffsets = Int32Array.from(this.offsets);
    return columnData(this.type, length, this.validity, { valueOffsets, child: this.items.finish() });
  }

  private copy(vector: DuckDBListVector, run: { start: number; length: number }): void {
    if (run.length > 0) this.items.append(vector.childVector, run.start, run.length);
  }
}

/** A map is a list of entries, in DuckDB as in Arrow. */
export class MapBuilder extends ListBuilder {
  override append(vector: DuckDBVector, from: number, count: number): void {
    super.append(rawMember(vector, 'listVector'), from, count);
  }
}

export class ArrayBuilder implements ColumnBuilder {
  private readonly validity = new ValidityBuilder();
  private length = 0;
  private readonly type: DataType;
  private readonly items: ColumnBuilder;
  private readonly width: number;

  constructor(type: DataType, items: ColumnBuilder, width: number) {
    this.type = type;
    this.items = items;
    this.width = width;
  }

  get sizeBytes(): number {
    return this.items.sizeBytes;
  }

  append(vector: DuckDBVector, from: number, count: number): void {
    this.validity.append(rawValidity(vector), from, count);
    this.items.append(rawMember(vector, 'childData'), from * this.width, count * this.width);
    this.length += count;
  }

  appendNulls(count: number): void {
    for (let i = 0; i < count; i += 1) this.validity.push(false);
    this.items.appendNulls(count * this.width);
    this.length += count;
  }

  finish(): Data {
    return columnData(this.type, this.length, this.validity, { child: this.items.finish() });
  }
}
