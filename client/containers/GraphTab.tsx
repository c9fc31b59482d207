import type { JSX } from "solid-js";
import type { ContainerEditor } from "./container_editor.ts";
import type { ContainerLive } from "./container_live.ts";
import { ContainerGraph } from "./ContainerGraph.tsx";
import { TaskList } from "./TaskList.tsx";

/** The tasks as a list and, beside it, as a graph: two views of one draft with one selection. */
export function GraphTab(props: {
  readonly editor: ContainerEditor;
  readonly live: ContainerLive;
  readonly selected: string | null;
  readonly select: (key: string | null) => void;
}): JSX.Element {
  return (
    <div class="container-body">
      <section class="container-forms">
        <TaskList editor={props.editor} selected={props.selected} select={props.select} />
      </section>
      <aside class="container-graph">
        <ContainerGraph
          draft={props.editor.plain()}
          run={props.live.run()}
          selected={props.selected}
          select={props.select}
        />
      </aside>
    </div>
  );
}
