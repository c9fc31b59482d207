/** An old version of a container made the newest: nothing is taken back, a version is added. */
import type { Viewer } from "../accounts/interface.ts";
import { transaction } from "../../db/transaction.ts";
import { auditChange, readFacts } from "./audited.ts";
import { type ContainerPorts, tell } from "./containers.ts";
import { readVersion } from "./history.ts";
import { writeWhole } from "./save.ts";
import { expectVersion, lockContainer } from "./versions.ts";

export async function restoreVersion(
  ports: ContainerPorts,
  viewer: Viewer,
  input: {
    readonly containerId: number;
    readonly version: number;
    readonly expectedVersion?: number | null | undefined;
  },
): Promise<number> {
  const action = "restore version";
  return await transaction(ports.db, async (tx, after) => {
    const container = await lockContainer(
      tx,
      viewer,
      input.containerId,
      action,
      ["containerId"],
    );
    expectVersion(container, input.expectedVersion, action, ["expectedVersion"]);
    const before = await readFacts(tx, container.id);
    const old = await readVersion(tx, container, input.version, action);
    await writeWhole(tx, after, ports, container, viewer, old, input.version);
    await auditChange(tx, viewer, "container.restore", container, before);
    tell(after, ports.bus, container, "UPDATED");
    return container.id;
  });
}
