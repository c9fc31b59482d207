/** The time zone, found by typing a part of its name or its offset. */
import { Combobox } from "@kobalte/core/combobox";
import { createMemo, createSignal, type JSX, Show } from "solid-js";
import { useServices, useTexts } from "../lib/services.ts";
import { isKnownZone, ownTimezone } from "../lib/time.ts";
import { Field } from "../ui/Field.tsx";
import { CheckIcon, ChevronDownIcon } from "../ui/icons.ts";
import type { ScheduleForm } from "./schedule_form.ts";
import { listZones, matchZones, offsetOf, type Zone } from "./zones_state.ts";

/** More would make the list slow to open; whoever looks for another types. */
const MAX_ZONES = 60;

export function ZoneField(props: { readonly form: ScheduleForm }): JSX.Element {
  const { clock } = useServices();
  const t = useTexts();
  const [text, setText] = createSignal("");
  const known = Intl.supportedValuesOf("timeZone");
  const own = ownTimezone();
  const at = clock();
  const id = (): string => props.form.settings.timezone;
  const current = createMemo((): Zone => ({ id: id(), offset: isKnownZone(id()) ? offsetOf(id(), at) : "" }));
  // The field holds the name of the zone that is set until somebody types: nothing is searched for then.
  const wanted = (): string => text() === id() ? "" : text();
  const matches = createMemo(() => matchZones(listZones(known, own, id()), wanted(), at, MAX_ZONES));
  const options = (): Zone[] => [current(), ...matches().filter((zone) => zone.id !== id())];
  const fits = (zone: Zone): boolean => matches().some((match) => match.id === zone.id);
  return (
    <Field
      label={t("schedule.timezone")}
      hint={zoneHint(current(), t("schedule.zoneHint"))}
      error={props.form.fault("timezone")}
    >
      {(ties) => (
        <Combobox<Zone>
          class="zone"
          options={options()}
          optionValue="id"
          optionTextValue="id"
          optionLabel="id"
          value={current()}
          onChange={(zone) => {
            if (zone !== null) props.form.change({ timezone: zone.id }, "timezone");
          }}
          onInputChange={setText}
          defaultFilter={fits}
          disallowEmptySelection
          allowsEmptyCollection
          gutter={4}
          sameWidth
          translations={{
            focusAnnouncement: (name, chosen) => chosen ? t("schedule.zoneChosen", name) : name,
            // Kobalte's type has its own English answer here; any text is said as it is.
            countAnnouncement: (count) => t("schedule.zoneCount", count) as "one option available",
            selectedAnnouncement: (name) => t("schedule.zoneChosen", name),
            triggerLabel: t("schedule.zoneOpen"),
            listboxLabel: t("schedule.timezone"),
          }}
          itemComponent={(item) => (
            <Combobox.Item item={item.item} class="menu-item">
              <Combobox.ItemLabel class="zone-label">
                {item.item.rawValue.id} <span class="muted mono small">{item.item.rawValue.offset}</span>
              </Combobox.ItemLabel>
              <Combobox.ItemIndicator>
                <CheckIcon size={13} />
              </Combobox.ItemIndicator>
            </Combobox.Item>
          )}
        >
          <Combobox.Control class="zone-control">
            <Combobox.Input {...ties} class="input" autocapitalize="none" />
            <Combobox.Trigger class="zone-trigger" tabIndex={-1}>
              <ChevronDownIcon size={14} />
            </Combobox.Trigger>
          </Combobox.Control>
          <Combobox.Portal>
            <Combobox.Content class="menu zone-list">
              <Show when={matches().length === 0}>
                <p class="muted zone-none">{t("schedule.zoneNone", text())}</p>
              </Show>
              <Combobox.Listbox />
            </Combobox.Content>
          </Combobox.Portal>
        </Combobox>
      )}
    </Field>
  );
}

function zoneHint(zone: Zone, text: string): string {
  return zone.offset === "" ? text : `UTC${zone.offset}. ${text}`;
}
