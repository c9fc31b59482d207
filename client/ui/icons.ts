/**
 * The icons of the console, each from its own file: the package's index would bring in all four thousand.
 */
import type { Component } from "solid-js";
import * as alignHorizontalSpaceAround from "lucide-solid/icons/align-horizontal-space-around";
import * as alignStartHorizontal from "lucide-solid/icons/align-start-horizontal";
import * as alignStartVertical from "lucide-solid/icons/align-start-vertical";
import * as alignVerticalSpaceAround from "lucide-solid/icons/align-vertical-space-around";
import * as arrowDownToLine from "lucide-solid/icons/arrow-down-to-line";
import * as arrowUp from "lucide-solid/icons/arrow-up";
import * as arrowDown from "lucide-solid/icons/arrow-down";
import * as ban from "lucide-solid/icons/ban";
import * as bell from "lucide-solid/icons/bell";
import * as bellRing from "lucide-solid/icons/bell-ring";
import * as boxes from "lucide-solid/icons/boxes";
import * as calendarClock from "lucide-solid/icons/calendar-clock";
import * as chartGantt from "lucide-solid/icons/chart-gantt";
import * as check from "lucide-solid/icons/check";
import * as chevronDown from "lucide-solid/icons/chevron-down";
import * as chevronLeft from "lucide-solid/icons/chevron-left";
import * as chevronRight from "lucide-solid/icons/chevron-right";
import * as circleAlert from "lucide-solid/icons/circle-alert";
import * as clock from "lucide-solid/icons/clock";
import * as columns2 from "lucide-solid/icons/columns-2";
import * as copy from "lucide-solid/icons/copy";
import * as ellipsis from "lucide-solid/icons/ellipsis";
import * as folder from "lucide-solid/icons/folder";
import * as gauge from "lucide-solid/icons/gauge";
import * as gitCompare from "lucide-solid/icons/git-compare";
import * as history from "lucide-solid/icons/history";
import * as hourglass from "lucide-solid/icons/hourglass";
import * as languages from "lucide-solid/icons/languages";
import * as listChecks from "lucide-solid/icons/list-checks";
import * as logOut from "lucide-solid/icons/log-out";
import * as maximize from "lucide-solid/icons/maximize";
import * as monitor from "lucide-solid/icons/monitor";
import * as moon from "lucide-solid/icons/moon";
import * as panelLeft from "lucide-solid/icons/panel-left";
import * as pencil from "lucide-solid/icons/pencil";
import * as pause from "lucide-solid/icons/pause";
import * as play from "lucide-solid/icons/play";
import * as plus from "lucide-solid/icons/plus";
import * as redo2 from "lucide-solid/icons/redo-2";
import * as rotateCcw from "lucide-solid/icons/rotate-ccw";
import * as save from "lucide-solid/icons/save";
import * as search from "lucide-solid/icons/search";
import * as server from "lucide-solid/icons/server";
import * as skipForward from "lucide-solid/icons/skip-forward";
import * as spline from "lucide-solid/icons/spline";
import * as square from "lucide-solid/icons/square";
import * as star from "lucide-solid/icons/star";
import * as sun from "lucide-solid/icons/sun";
import * as keyRound from "lucide-solid/icons/key-round";
import * as shieldCheck from "lucide-solid/icons/shield-check";
import * as timer from "lucide-solid/icons/timer";
import * as trash2 from "lucide-solid/icons/trash-2";
import * as triangleAlert from "lucide-solid/icons/triangle-alert";
import * as undo2 from "lucide-solid/icons/undo-2";
import * as unplug from "lucide-solid/icons/unplug";
import * as user from "lucide-solid/icons/user";
import * as users from "lucide-solid/icons/users";
import * as wandSparkles from "lucide-solid/icons/wand-sparkles";
import * as workflow from "lucide-solid/icons/workflow";
import * as wrapText from "lucide-solid/icons/wrap-text";
import * as download from "lucide-solid/icons/download";
import * as link2 from "lucide-solid/icons/link-2";
import * as radio from "lucide-solid/icons/radio";
import * as scrollText from "lucide-solid/icons/scroll-text";
import * as x from "lucide-solid/icons/x";
import * as zap from "lucide-solid/icons/zap";
import * as zoomIn from "lucide-solid/icons/zoom-in";
import * as zoomOut from "lucide-solid/icons/zoom-out";

export interface IconProps {
  readonly size?: number;
  readonly class?: string;
}

/**
 * Deno reads the package's default exports as members of a namespace, bundlers as the component itself. An icon is
 * decoration everywhere: what it says is said in words beside it, or in its button's label.
 */
function icon(module: unknown): Component<IconProps> {
  // The shape of lucide's files: `export { Icon as default }`.
  const { default: Drawn } = module as { default: Component<Record<string, unknown>> };
  return (props) =>
    Drawn({
      get size() {
        return props.size ?? 15;
      },
      get class() {
        return props.class ?? "";
      },
      strokeWidth: 1.75,
      "aria-hidden": "true",
    });
}

export const AlignHorizontalSpaceAroundIcon = icon(alignHorizontalSpaceAround);
export const AlignStartHorizontalIcon = icon(alignStartHorizontal);
export const AlignStartVerticalIcon = icon(alignStartVertical);
export const AlignVerticalSpaceAroundIcon = icon(alignVerticalSpaceAround);
export const ArrowDownToLineIcon = icon(arrowDownToLine);
export const ArrowUpIcon = icon(arrowUp);
export const ArrowDownIcon = icon(arrowDown);
export const BanIcon = icon(ban);
export const BellIcon = icon(bell);
export const BellRingIcon = icon(bellRing);
export const BoxesIcon = icon(boxes);
export const CalendarClockIcon = icon(calendarClock);
export const ChartGanttIcon = icon(chartGantt);
export const CheckIcon = icon(check);
export const ChevronDownIcon = icon(chevronDown);
export const ChevronLeftIcon = icon(chevronLeft);
export const ChevronRightIcon = icon(chevronRight);
export const CircleAlertIcon = icon(circleAlert);
export const ClockIcon = icon(clock);
export const Columns2Icon = icon(columns2);
export const CopyIcon = icon(copy);
export const EllipsisIcon = icon(ellipsis);
export const FolderIcon = icon(folder);
export const GaugeIcon = icon(gauge);
export const GitCompareIcon = icon(gitCompare);
export const HistoryIcon = icon(history);
export const HourglassIcon = icon(hourglass);
export const LanguagesIcon = icon(languages);
export const ListChecksIcon = icon(listChecks);
export const LogOutIcon = icon(logOut);
export const MaximizeIcon = icon(maximize);
export const MonitorIcon = icon(monitor);
export const MoonIcon = icon(moon);
export const PanelLeftIcon = icon(panelLeft);
export const PencilIcon = icon(pencil);
export const PauseIcon = icon(pause);
export const PlayIcon = icon(play);
export const PlusIcon = icon(plus);
export const Redo2Icon = icon(redo2);
export const RotateCcwIcon = icon(rotateCcw);
export const SaveIcon = icon(save);
export const SearchIcon = icon(search);
export const ServerIcon = icon(server);
export const SkipForwardIcon = icon(skipForward);
export const SplineIcon = icon(spline);
export const SquareIcon = icon(square);
export const StarIcon = icon(star);
export const SunIcon = icon(sun);
export const TimerIcon = icon(timer);
export const Trash2Icon = icon(trash2);
export const TriangleAlertIcon = icon(triangleAlert);
export const Undo2Icon = icon(undo2);
export const UnplugIcon = icon(unplug);
export const UserIcon = icon(user);
export const UsersIcon = icon(users);
export const WandSparklesIcon = icon(wandSparkles);
export const WorkflowIcon = icon(workflow);
export const WrapTextIcon = icon(wrapText);
export const KeyRoundIcon = icon(keyRound);
export const ShieldCheckIcon = icon(shieldCheck);
export const DownloadIcon = icon(download);
export const Link2Icon = icon(link2);
export const RadioIcon = icon(radio);
export const ScrollTextIcon = icon(scrollText);
export const XIcon = icon(x);
export const ZapIcon = icon(zap);
export const ZoomInIcon = icon(zoomIn);
export const ZoomOutIcon = icon(zoomOut);
