/** Which address shows which page. Each page is a file of its own, fetched when it is first opened. */
import type { RouteDefinition } from "@solidjs/router";
import { lazy } from "solid-js";
import { GRAPHQL_URL } from "./graphql/client.ts";
import { SIGN_IN_PATH } from "./sign_in/return_address.ts";

export const routes: RouteDefinition[] = [
  { path: "/", component: lazy(() => import("./overview/OverviewPage.tsx")) },
  { path: SIGN_IN_PATH, component: lazy(() => import("./sign_in/SignInPage.tsx")) },
  { path: "/containers", component: lazy(() => import("./containers/ContainersPage.tsx")) },
  { path: "/containers/:id", component: lazy(() => import("./containers/ContainerPage.tsx")) },
  { path: "/import", component: lazy(() => import("./moving/ImportPage.tsx")) },
  { path: "/tasks", component: lazy(() => import("./tasks/TasksPage.tsx")) },
  { path: "/runs", component: lazy(() => import("./runs/RunsPage.tsx")) },
  { path: "/runs/:id", component: lazy(() => import("./runs/RunPage.tsx")) },
  { path: "/live", component: lazy(() => import("./live/LivePage.tsx")) },
  { path: "/logs", component: lazy(() => import("./log_centre/LogsPage.tsx")) },
  { path: "/hosts", component: lazy(() => import("./hosts/HostsPage.tsx")) },
  { path: "/projects", component: lazy(() => import("./teams/ProjectsPage.tsx")) },
  { path: "/projects/:slug", component: lazy(() => import("./teams/ProjectPage.tsx")) },
  { path: "/users", component: lazy(() => import("./teams/UsersPage.tsx")) },
  { path: "/variables", component: lazy(() => import("./variables/VariablesPage.tsx")) },
  { path: "/audit", component: lazy(() => import("./audit/AuditPage.tsx")) },
  { path: "/messages", component: lazy(() => import("./messages/MessagesPage.tsx")) },
  { path: "/account", component: lazy(() => import("./account/AccountPage.tsx")) },
  // A page of the server's own: who signed in to see it arrives by the router.
  { path: "/graphql", component: () => void globalThis.location.replace(GRAPHQL_URL) },
  { path: "*", component: lazy(() => import("./ui/NotFound.tsx")) },
];
