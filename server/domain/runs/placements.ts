/** Where task runs may run (tables/agent.ts), found by what their tasks require; made when they are needed first. */
import { sql } from "drizzle-orm";
import { LRUCache } from "lru-cache";
import type { Labels } from "../../../schema/definition/field.ts";
import { LimitExceededError } from "../../../schema/errors.ts";
import { say } from "../../../schema/sentences.ts";
import { jsonRows } from "../../db/parameters.ts";
import type { UnitOfWork } from "../unit_of_work.ts";

/** Each claim looks at all that its agent serves; as many are kept in memory. */
const MAX_PLACEMENTS = 10_000;

export interface Place {
  readonly projectId: number;
  /** Sorted. */
  readonly labels: Labels;
}

export type PlacementOf = (place: Place) => number;

/** They never change, and so are kept in memory once they are committed. */
export interface Placements {
  /** The id of each of these places; a place may be given more than once. */
  find(unit: UnitOfWork, places: readonly Place[]): Promise<PlacementOf>;
}

export function createPlacements(): Placements {
  const kept = new LRUCache<string, number>({ max: MAX_PLACEMENTS });
  return {
    async find(unit, places): Promise<PlacementOf> {
      const ids = new Map<string, number>();
      const missing = new Map<string, Place>();
      for (const place of places) {
        const key = keyOf(place);
        const id = kept.get(key);
        if (id === undefined) missing.set(key, place);
        else ids.set(key, id);
      }
      const found = missing.size === 0 ? [] : await findOrMake(unit, [...missing.values()]);
      for (const { id, ...place } of found) ids.set(keyOf(place), id);
      unit.after(() => {
        for (const [key, id] of ids) kept.set(key, id);
      });
      return (place) => {
        const id = ids.get(keyOf(place));
        if (id === undefined) throw new Error("A placement was neither found nor made");
        return id;
      };
    },
  };
}

function keyOf({ projectId, labels }: Place): string {
  return JSON.stringify([projectId, labels]);
}

interface PlacementRow extends Record<string, unknown> {
  readonly id: number;
  readonly projectId: number;
  readonly labels: Labels;
}

async function findOrMake({ tx }: UnitOfWork, places: readonly Place[]): Promise<readonly PlacementRow[]> {
  const records = jsonRows(places);
  const given = sql`json_to_recordset(${records}) as x("projectId" bigint, labels text[])`;
  await tx.execute(sql`
    insert into placements (project_id, labels)
    select "projectId", labels from ${given}
    where not exists (select from placements p where p.project_id = "projectId" and p.labels = x.labels)
      and (select count(*) from placements) < ${MAX_PLACEMENTS}
    order by 1, 2
    on conflict (project_id, labels) do nothing`);
  const rows = await tx.execute<PlacementRow>(sql`
    select p.id, p.project_id as "projectId", p.labels
    from placements p join ${given} on p.project_id = x."projectId" and p.labels = x.labels`);
  if (rows.length < places.length) {
    throw new LimitExceededError(say("PLACEMENTS_MANY", { most: MAX_PLACEMENTS }));
  }
  return rows;
}
