/** An old version of a container made the newest: nothing is taken back, a version is added. */
import type { Viewer } from "../accounts/interface.ts";
import type { ContainerPorts } from "./containers.ts";
import { editContainer } from "./edit.ts";
import { readVersion } from "./history.ts";
import { authorise } from "../accounts/rights.ts";
import { writeWhole } from "./save.ts";
import { lockContainer } from "./versions.ts";

export async function restoreVersion(
  ports: ContainerPorts,
  viewer: Viewer,
  input: {
    readonly containerId: number;
    readonly version: number;
    readonly expectedVersion?: number | null | undefined;
  },
): Promise<number> {
  authorise(viewer, "container:change");
  const action = "restore version";
  return await editContainer(
    ports,
    viewer,
    { action, expectedVersion: input.expectedVersion },
    async (tx) => ({ container: await lockContainer(tx, input.containerId, action, ["containerId"]) }),
    async (tx, { container }, after) => {
      const old = await readVersion(tx, container, input.version, action);
      const { summary, undo } = await writeWhole(tx, after, ports, container, old);
      return {
        answer: container.id,
        summary: summary === null ? null : `version ${input.version} restored: ${summary}`,
        undo,
      };
    },
  );
}
