/**
 * Carries the subscriptions of all tabs over one line: a browser has six connections to a server, and a seventh tab with
 * one of its own would load nothing. A line ends with its last subscription. When it is lost all tabs on it are told, and
 * each comes back as it would have alone.
 */
import { GONE_MS, type HubMessage, type TabMessage } from "./hub_messages.ts";
import type { Line, LineEvents, LineRequest } from "./line.ts";

/** The server allows 100; then there is a second line. */
export const MAX_OPERATIONS = 80;

export interface HubOptions {
  readonly openLine: (events: LineEvents) => Line;
  readonly clock: () => number;
}

export interface Hub {
  /** Answers how the tab is heard. */
  readonly admit: (tell: (message: HubMessage) => void) => (message: TabMessage) => void;
  /** Lets go of the tabs that have gone without a word. */
  readonly sweep: () => void;
}

interface SharedLine {
  readonly viewerId: string;
  readonly line: Line;
  readonly operations: Set<Operation>;
  live: boolean;
}

interface Operation {
  readonly tab: Tab;
  readonly id: number;
  readonly shared: SharedLine;
  end: () => void;
}

interface Tab {
  readonly tell: (message: HubMessage) => void;
  readonly operations: Map<number, Operation>;
  viewerId: string;
  welcomed: boolean;
  heardAt: number;
}

export function createStreamHub({ openLine, clock }: HubOptions): Hub {
  const lines = new Set<SharedLine>();
  const tabs = new Set<Tab>();

  function lineFor(viewerId: string): SharedLine {
    for (const shared of lines) {
      if (shared.viewerId === viewerId && shared.operations.size < MAX_OPERATIONS) return shared;
    }
    const line = openLine({
      connected: () => {
        shared.live = true;
        for (const { tab } of shared.operations) welcome(tab);
      },
      message: () => {},
    });
    const shared: SharedLine = { viewerId, line, operations: new Set(), live: false };
    lines.add(shared);
    return shared;
  }

  function subscribe(tab: Tab, id: number, request: LineRequest): void {
    const shared = lineFor(tab.viewerId);
    const operation: Operation = { tab, id, shared, end: () => {} };
    tab.operations.set(id, operation);
    shared.operations.add(operation);
    // A line that has ended has told its tabs already; what it says after that is for nobody.
    const current = (): boolean => shared.operations.has(operation);
    operation.end = shared.line.subscribe(request, {
      next: (result) => {
        if (current()) tab.tell({ kind: "next", id, result });
      },
      complete: () => {
        if (!current()) return;
        settle(operation);
        tab.tell({ kind: "complete", id });
      },
      error: () => {
        if (current()) lose(shared);
      },
    });
    if (shared.live) welcome(tab);
  }

  function settle(operation: Operation): void {
    const { tab, id, shared } = operation;
    tab.operations.delete(id);
    shared.operations.delete(operation);
    operation.end();
    if (shared.operations.size === 0 && lines.delete(shared)) shared.line.close("left");
  }

  function lose(shared: SharedLine): void {
    if (!lines.delete(shared)) return;
    const lost = [...shared.operations];
    shared.operations.clear();
    shared.line.close("dead");
    for (const { tab, id } of lost) {
      tab.operations.delete(id);
      tab.tell({ kind: "error", id });
    }
  }

  function leave(tab: Tab, reason: "left" | "dead"): void {
    tabs.delete(tab);
    const operations = [...tab.operations.values()];
    for (const operation of operations) settle(operation);
    if (reason === "dead") { for (const { shared } of operations) lose(shared); }
  }

  return {
    admit: (tell) => {
      const tab: Tab = { tell, operations: new Map(), viewerId: "", welcomed: false, heardAt: clock() };
      tabs.add(tab);
      return (message) => {
        // What was on its way when the tab was given up.
        if (!tabs.has(tab)) return;
        tab.heardAt = clock();
        switch (message.kind) {
          case "join":
            tab.viewerId = message.viewerId;
            return;
          case "subscribe":
            return subscribe(tab, message.id, message.request);
          case "end": {
            const operation = tab.operations.get(message.id);
            if (operation !== undefined) settle(operation);
            return;
          }
          case "alive":
            return;
          case "leave":
            return leave(tab, message.reason);
          default:
            return message satisfies never;
        }
      };
    },
    sweep: () => {
      for (const tab of [...tabs]) {
        if (clock() - tab.heardAt > GONE_MS) leave(tab, "left");
      }
    },
  };
}

function welcome(tab: Tab): void {
  if (tab.welcomed) return;
  tab.welcomed = true;
  tab.tell({ kind: "connected" });
}
