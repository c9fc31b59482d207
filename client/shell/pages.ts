/**
 * The pages that the side bar, the keys and the palette lead to, in the order of the bar. A new page is one entry here
 * and one in routes.tsx.
 */
import type { Component } from "solid-js";
import type { Translate } from "../i18n/i18n.ts";
import {
  BellIcon,
  BoxesIcon,
  FolderIcon,
  GaugeIcon,
  HistoryIcon,
  type IconProps,
  KeyRoundIcon,
  ListChecksIcon,
  RadioIcon,
  ScrollTextIcon,
  ServerIcon,
  ShieldCheckIcon,
  UserIcon,
  UsersIcon,
} from "../ui/icons.ts";

export interface ShellPage {
  readonly path: string;
  readonly name: (t: Translate) => string;
  /** What its key does, as the sheet says it. */
  readonly goes: (t: Translate) => string;
  readonly icon: Component<IconProps>;
  /** After `g`. */
  readonly key: string;
  /** Reached from the header instead of the side bar. */
  readonly aside?: boolean;
  /** Not in the bar of a narrow window, which has no room for it: the menu of the user leads there. */
  readonly wide?: boolean;
}

export const shellPages: readonly ShellPage[] = [
  {
    path: "/",
    name: (t) => t("shell.overview"),
    goes: (t) => t("keys.overview"),
    icon: GaugeIcon,
    key: "o",
  },
  {
    path: "/containers",
    name: (t) => t("shell.containers"),
    goes: (t) => t("keys.containers"),
    icon: BoxesIcon,
    key: "c",
  },
  {
    path: "/tasks",
    name: (t) => t("taskPage.title"),
    goes: (t) => t("taskPage.goes"),
    icon: ListChecksIcon,
    key: "t",
    wide: true,
  },
  { path: "/runs", name: (t) => t("shell.runs"), goes: (t) => t("keys.runs"), icon: HistoryIcon, key: "r" },
  { path: "/live", name: (t) => t("live.title"), goes: (t) => t("live.goes"), icon: RadioIcon, key: "v" },
  {
    path: "/logs",
    name: (t) => t("logs.title"),
    goes: (t) => t("logs.goes"),
    icon: ScrollTextIcon,
    key: "l",
  },
  { path: "/hosts", name: (t) => t("shell.hosts"), goes: (t) => t("keys.hosts"), icon: ServerIcon, key: "h" },
  {
    path: "/variables",
    name: (t) => t("variables.title"),
    goes: (t) => t("variables.goes"),
    icon: KeyRoundIcon,
    key: "x",
    wide: true,
  },
  {
    path: "/audit",
    name: (t) => t("audit.title"),
    goes: (t) => t("audit.goes"),
    icon: ShieldCheckIcon,
    key: "d",
    wide: true,
  },
  {
    path: "/projects",
    name: (t) => t("teams.projects"),
    goes: (t) => t("teams.goProjects"),
    icon: FolderIcon,
    key: "p",
    wide: true,
  },
  {
    path: "/users",
    name: (t) => t("teams.users"),
    goes: (t) => t("teams.goUsers"),
    icon: UsersIcon,
    key: "u",
    wide: true,
  },
  {
    path: "/messages",
    name: (t) => t("inbox.title"),
    goes: (t) => t("keys.inbox"),
    icon: BellIcon,
    key: "m",
    aside: true,
  },
  {
    path: "/account",
    name: (t) => t("account.title"),
    goes: (t) => t("account.go"),
    icon: UserIcon,
    key: "a",
    aside: true,
  },
];
