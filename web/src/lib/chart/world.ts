/** The countries of the earth, coarse: what points of a map lie on. Natural Earth 1:110m, public domain. */
import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import countries from 'world-atlas/countries-110m.json';

type Ring = readonly (readonly number[])[];

export function worldLand(): object {
  const topology = countries as unknown as Topology<{ countries: GeometryCollection<{ name: string }> }>;
  const collection = feature(topology, topology.objects.countries);
  const features = collection.features.map((one) => {
    if (one.geometry.type !== 'MultiPolygon') return one;
    const coordinates = one.geometry.coordinates.filter(([ring]) => !isTornApart(ring ?? []));
    return { ...one, geometry: { ...one.geometry, coordinates } };
  });
  return { ...collection, features };
}

/** An island on both sides of the date line would be drawn as a strip around the earth. */
function isTornApart(ring: Ring): boolean {
  const spanOf = (axis: 0 | 1) => {
    const values = ring.map((point) => point[axis] ?? 0);
    return Math.max(...values) - Math.min(...values);
  };
  return spanOf(0) > 300 && spanOf(1) < 20;
}
