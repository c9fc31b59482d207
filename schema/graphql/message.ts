/** The message centre: what happened while a person was away. */
import type { ObjectRef } from "@pothos/core";
import type { GraphQLResolveInfo } from "graphql";
import { sql } from "drizzle-orm";
import { messages } from "../tables/message.ts";
import { pageArguments, rowPageCost, viewerOf } from "./arguments.ts";
import { type ApiTypes, builder } from "./builder.ts";
import { sentenceFields } from "./sentence_fields.ts";
import { withIds } from "../../server/db/conditions.ts";
import { forViewer, readBy } from "../../server/domain/messages/messages.ts";
import { connectionType } from "./connections.ts";
import type { Context } from "./context.ts";
import { MessageKindEnum } from "./enums.ts";
import { NodeInterface } from "./node.ts";
import {
  byInstant,
  type Order,
  type Page,
  type PageArguments,
  pageOf,
  readWindow,
  windowQuery,
} from "./pages.ts";
import { planQuery } from "./plan.ts";

/** Beyond it a badge says only that there are more. */
const UNREAD_COUNTED = 1000;

const text = sentenceFields("text", false);

export const Message = builder.drizzleObject("messages", {
  name: "Message",
  description:
    "Something that people should know when they come back. Kept for the hours that the server is set to.",
  interfaces: [NodeInterface],
  select: { columns: { id: true } },
  fields: (t) => ({
    at: t.expose("at", { type: "DateTime", description: "When it happened." }),
    kind: t.expose("kind", { type: MessageKindEnum, description: "What it tells of." }),
    container: t.relation("container", {
      nullable: true,
      description: "The container that it is about; null once it is deleted.",
    }),
    containerName: t.exposeString("containerName", { description: "The container's name at that time." }),
    run: t.relation("run", {
      nullable: true,
      description: "The run that it is about; null when it is about none, and once that is deleted.",
    }),
    actor: t.relation("actor", { nullable: true, description: "Who did it; null for the server itself." }),
    text: t.string({
      ...text.text,
      description: "What happened, for people: the reason, or what was changed.",
    }),
    textKey: t.string(text.key),
    textValues: t.field(text.values),
    read: t.boolean({
      description:
        "True when the viewer has marked it, or a later one, as read, and for what is older than the viewer's account.",
      select: (_args, context) => ({
        columns: {},
        extras: { read: (table: typeof messages) => readBy(table, viewerOf(context)) },
      }),
      resolve: ({ read }) => read,
    }),
  }),
});

interface MessagePage extends Page<{ readonly id: number }> {
  readonly unreadCount: () => Promise<number>;
}

const MessageConnection = messageConnection();

builder.queryField("messages", (t) =>
  t.field({
    type: MessageConnection,
    description: "What the viewer should know, newest first. What the viewer did is not told to the viewer.",
    complexity: rowPageCost,
    args: {
      ...pageArguments(t.arg),
      unreadOnly: t.arg.boolean({
        defaultValue: false,
        description: "Only what the viewer has not marked as read; null = all.",
      }),
    },
    resolve: (_root, args, context, info) => readMessages(args, context, info),
  }));

builder.mutationField("markMessagesRead", (t) =>
  t.int({
    description:
      `Marks all messages up to an instant as read by the viewer, for good. How many were unread until now, at most ${UNREAD_COUNTED}.`,
    args: {
      upTo: t.arg({
        type: "DateTime",
        required: true,
        description: "`at` of the newest message that was seen.",
      }),
    },
    resolve: (_root, { upTo }, context) => context.app.messages.markRead(viewerOf(context), { upTo }),
  }));

builder.subscriptionField("messageEvents", (t) =>
  t.field({
    type: [Message],
    description: "Messages for the viewer as they are written, oldest first; at most 10 batches a second.",
    subscribe: (_root, _args, context) => context.app.watch.messages(viewerOf(context), context.signal),
    resolve: async (ids, _args, context, info) => {
      const query = planQuery(context, info, "Message", { columns: { id: true }, where: withIds(ids) });
      const rows = await context.db.query.messages.findMany(query);
      return rows.toSorted((left, right) => left.id - right.id);
    },
  }));

type Row = { readonly id: number; readonly at: Date };

function newest(): Order<typeof messages, Row> {
  return byInstant({
    descending: true,
    keyOf: (row) => [row.at.getTime(), row.id],
    instant: (table) => sql`${table.at}`,
  });
}

async function readMessages(
  { unreadOnly, ...args }: PageArguments & { readonly unreadOnly?: boolean | null | undefined },
  context: Context,
  info: GraphQLResolveInfo,
): Promise<MessagePage> {
  const { db, app } = context;
  const viewer = viewerOf(context);
  const order = newest();
  const window = readWindow(args, order);
  const filter = (table: typeof messages) => [
    forViewer(table, viewer),
    ...(unreadOnly === true ? [sql`not ${readBy(table, viewer)}`] : []),
  ];
  const query = planQuery(context, info, "Message", {
    columns: { id: true, at: true },
    ...windowQuery(order, window, filter),
  }, ["edges", "node"]);
  const page = pageOf(
    order,
    window,
    await db.query.messages.findMany(query),
    filter,
    async (beyond) => await db.query.messages.findFirst({ columns: { id: true }, ...beyond }) !== undefined,
  );
  return { ...page, unreadCount: () => app.messages.countUnread(viewer) };
}

function messageConnection(): ObjectRef<ApiTypes, MessagePage> {
  // The fields of a page that this one has as well; the field below needs the rest.
  const type = connectionType(Message, "Message", "Messages, newest first.") as ObjectRef<
    ApiTypes,
    MessagePage
  >;
  builder.objectField(type, "unreadCount", (t) =>
    t.int({
      description:
        `How many the viewer has not marked as read, whatever the page; at most ${UNREAD_COUNTED}.`,
      resolve: (page) => page.unreadCount(),
    }));
  return type;
}
