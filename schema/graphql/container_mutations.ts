/** What can be done to containers. */
import { searchText, stillThere, viewerOf } from "./arguments.ts";
import { builder } from "./builder.ts";
import { Container } from "./container.ts";
import {
  CreateContainerInput,
  readContainerPatch,
  readSavedContainer,
  SaveContainerInput,
  UpdateContainerInput,
} from "./container_inputs.ts";
import { findContainer } from "./container_list.ts";
import { DeleteResult } from "./deletion.ts";
import { resultUnion } from "./errors.ts";
import { decodeId } from "../ids.ts";

const ContainerResult = resultUnion(
  "ContainerResult",
  Container,
  [
    "InvalidInputError",
    "InvalidCronError",
    "CycleError",
    "ConflictError",
    "NotFoundError",
    "ForbiddenError",
    "LimitExceededError",
  ],
  "The container as it is now, or why nothing was changed.",
);

const MoveContainerResult = resultUnion(
  "MoveContainerResult",
  Container,
  ["ConflictError", "ForbiddenError", "NotFoundError"],
  "The container in its new project, or why it stays.",
);

builder.mutationFields((t) => ({
  moveContainer: t.field({
    type: MoveContainerResult.type,
    description:
      "Moves a container with its history to another project. Needs ADMIN in both; CONFLICT while it runs or when the name is taken there.",
    args: {
      containerId: t.arg.id({ required: true, description: "The container." }),
      project: t.arg.string({ required: true, description: "The slug of the other project." }),
    },
    resolve: (_root, { containerId, project }, context, info) =>
      MoveContainerResult.answer([], async () => {
        const input = {
          containerId: decodeId("Container", containerId),
          project: searchText(project, ["project"]),
        };
        const id = await context.app.containers.move(viewerOf(context), input);
        return stillThere(await findContainer(id, context, info), "container");
      }),
  }),
  setFavorite: t.field({
    type: ContainerResult.type,
    description: "Marks a container as a favourite of the viewer, or no longer.",
    args: {
      containerId: t.arg.id({ required: true, description: "The container." }),
      favorite: t.arg.boolean({ required: true, description: "True to mark it." }),
    },
    resolve: (_root, { containerId, favorite }, context, info) =>
      ContainerResult.answer([], async () => {
        const input = { containerId: decodeId("Container", containerId), favorite };
        const id = await context.app.containers.setFavorite(viewerOf(context), input);
        return stillThere(await findContainer(id, context, info), "container");
      }),
  }),
  createContainer: t.field({
    type: ContainerResult.type,
    description: "Makes a container without tasks.",
    args: { input: t.arg({ type: CreateContainerInput, required: true, description: "What it shall be." }) },
    resolve: (_root, { input }, context, info) =>
      ContainerResult.answer(["input"], async () => {
        const id = await context.app.containers.create(viewerOf(context), input);
        return stillThere(await findContainer(id, context, info), "container");
      }),
  }),
  updateContainer: t.field({
    type: ContainerResult.type,
    description: "Changes settings of a container. Fields left out keep their value.",
    args: {
      input: t.arg({ type: UpdateContainerInput, required: true, description: "What shall be different." }),
    },
    resolve: (_root, { input }, context, info) =>
      ContainerResult.answer(["input"], async () => {
        const id = await context.app.containers.update(viewerOf(context), readContainerPatch(input));
        return stillThere(await findContainer(id, context, info), "container");
      }),
  }),
  saveContainer: t.field({
    type: ContainerResult.type,
    description: "Writes a whole container at once: all or nothing, one new version.",
    args: {
      input: t.arg({ type: SaveContainerInput, required: true, description: "All that it shall be." }),
    },
    resolve: (_root, { input }, context, info) =>
      ContainerResult.answer(["input"], async () => {
        const id = await context.app.containers.save(viewerOf(context), readSavedContainer(input));
        return stillThere(await findContainer(id, context, info), "container");
      }),
  }),
  restoreVersion: t.field({
    type: ContainerResult.type,
    description:
      "Makes an old version of a container the newest: its settings, tasks and relations as they were, as one new version. The name, the description and enabled stay. Tasks that are gone are made anew. CONFLICT for a version that was made before versions were kept.",
    args: {
      containerId: t.arg.id({ required: true, description: "Which container." }),
      version: t.arg.int({ required: true, description: "Which version; an unknown one is NOT_FOUND." }),
      expectedVersion: t.arg.int({
        description: "The version that the caller has seen; when given and no longer current: CONFLICT.",
      }),
    },
    resolve: (_root, { containerId, version, expectedVersion }, context, info) =>
      ContainerResult.answer([], async () => {
        const input = { containerId: decodeId("Container", containerId), version, expectedVersion };
        const id = await context.app.containers.restore(viewerOf(context), input);
        return stillThere(await findContainer(id, context, info), "container");
      }),
  }),
  copyContainer: t.field({
    type: ContainerResult.type,
    description: "A new container, disabled, with the same definition.",
    args: {
      id: t.arg.id({ required: true, description: "Which container to copy." }),
      name: t.arg.string({ required: true, description: "Name of the copy, in the same project." }),
    },
    resolve: (_root, { id, name }, context, info) =>
      ContainerResult.answer([], async () => {
        const input = { id: decodeId("Container", id), name };
        const copyId = await context.app.containers.copy(viewerOf(context), input);
        return stillThere(await findContainer(copyId, context, info), "container");
      }),
  }),
  deleteContainer: t.field({
    type: DeleteResult.type,
    description:
      "Removes a container with its tasks and relations; its runs stay. Refused with CONFLICT while a run is active.",
    args: { id: t.arg.id({ required: true, description: "Which container." }) },
    resolve: (_root, { id }, context) =>
      DeleteResult.answer([], async () => {
        await context.app.containers.remove(viewerOf(context), { id: decodeId("Container", id) });
        return { deletedId: id };
      }),
  }),
}));
