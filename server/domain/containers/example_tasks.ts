/**
 * The tasks of the example "Machine report". They run as they stand on Debian, on macOS (bash 3.2) and in a bare
 * container, write only below the agent's work folder, and are meant to be read: this is what a container looks like.
 */
import { taskDefaults, type TaskValues } from "../../../schema/definition/task.ts";
import type { SavedRelation } from "./interface.ts";

/** Each run has a folder for its parts. */
const HEAD = `set -eu
folder="machine-report/$ORRERY_RUN_ID"
mkdir -p "$folder"
`;

const DISKS = `echo "Looking at the file systems"
${HEAD}df -Ph 2>/dev/null | awk 'NR == 1 || $2 != "0"' | tee "$folder/disks.txt"
df -P 2>/dev/null | awk 'NR > 1 && $5 + 0 >= 90 { print "Nearly full: " $6 " (" $5 ")" }' | tee "$folder/warnings.txt" >&2
`;

const MEMORY = `echo "Looking at the memory"
${HEAD}if [ -r /proc/meminfo ]; then
  awk '/^(MemTotal|MemAvailable|SwapTotal|SwapFree):/ { printf "%-14s %8.1f GiB\\n", $1, $2 / 1048576 }' /proc/meminfo
else
  sysctl -n hw.memsize | awk '{ printf "MemTotal:      %8.1f GiB\\n", $1 / 1073741824 }'
  vm_stat | head -n 6
fi | tee "$folder/memory.txt"
`;

const FOLDERS = `echo "Looking for the largest folders below /var and /usr"
${HEAD}# Folders that may not be read are left out: that is no failure.
{ du -xkd 2 /var/ /usr/ 2>/dev/null || true; } | sort -rn | head -n 15 |
  awk '{ size = $1; $1 = ""; printf "%9.1f MiB %s\\n", size / 1024, $0 }' | tee "$folder/folders.txt"
`;

const SERVICES = `echo "Looking for services that fail"
${HEAD}if command -v systemctl >/dev/null 2>&1 && systemctl is-system-running >/dev/null 2>&1 || [ -d /run/systemd/system ]; then
  systemctl --failed --no-legend --plain > "$folder/services.txt"
  [ -s "$folder/services.txt" ] || echo "No service fails" > "$folder/services.txt"
elif command -v launchctl >/dev/null 2>&1; then
  launchctl list | awk 'NR > 1 && $2 != 0 && $2 != "-" { print $3 " ended with " $2 }' > "$folder/services.txt"
  [ -s "$folder/services.txt" ] || echo "No service fails" > "$folder/services.txt"
else
  echo "No service manager runs here" > "$folder/services.txt"
fi
cat "$folder/services.txt"
`;

const REPORT = `echo "Joining the parts"
${HEAD}{
  echo "Machine report of $(uname -n), $(date '+%Y-%m-%d %H:%M:%S')"
  for part in disks memory folders services; do
    printf '\\n== %s ==\\n' "$part"
    cat "$folder/$part.txt"
  done
} > "$folder/report.txt"
echo "Wrote $(wc -l < "$folder/report.txt" | tr -d ' ') lines"
`;

const CHECK = `echo "Looking for what is missing"
${HEAD}for part in disks memory folders services; do
  if grep -q "^== $part ==" "$folder/report.txt" && [ -s "$folder/$part.txt" ]; then
    printf '\\033[32mok\\033[0m      %s\\n' "$part"
  else
    printf '\\033[31mmissing\\033[0m %s\\n' "$part" >&2
    exit 1
  fi
done
`;

const ARCHIVE = `echo "Keeping the report with its date"
${HEAD}mkdir -p machine-report/archive
kept="machine-report/archive/$(date '+%Y-%m-%d_%H%M%S')_$ORRERY_RUN_ID.txt"
cp "$folder/report.txt" "$kept"
cat "$kept"
printf '\\nKept as %s\\n' "$PWD/$kept"
`;

const TIDY = `echo "Removing the parts; reports stay in $PWD/machine-report/archive"
${HEAD}rm -r "$folder"
`;

export const exampleTasks: readonly TaskValues[] = [
  task("Disks", "How full the file systems are; nearly full ones as warnings on standard error", DISKS),
  task("Memory", "How much memory there is and how much is free", MEMORY),
  task("Largest folders", "The fifteen largest folders below /var and /usr", FOLDERS),
  task(
    "Failing services",
    "What the service manager, where there is one, says of failing services",
    SERVICES,
  ),
  task("Write report", "Joins the four parts into one text", REPORT),
  task("Check report", "Fails when a part is missing", CHECK),
  task("Archive", "Keeps the report with its date", ARCHIVE),
  task("Tidy up", "Removes the parts, however the rest ended", TIDY),
];

export const exampleRelations: readonly SavedRelation[] = [
  ...["Disks", "Memory", "Largest folders", "Failing services"].map((upstream) => ({
    upstream,
    downstream: "Write report",
    condition: "SUCCESS" as const,
  })),
  { upstream: "Write report", downstream: "Check report", condition: "SUCCESS" },
  { upstream: "Check report", downstream: "Archive", condition: "SUCCESS" },
  { upstream: "Archive", downstream: "Tidy up", condition: "ALWAYS" },
];

/** Nobody has placed them: the console lays them out as its window is wide or high. */
function task(name: string, description: string, command: string): TaskValues {
  return { ...taskDefaults, name, description, command, timeoutSeconds: 120, killGraceSeconds: 5 };
}
