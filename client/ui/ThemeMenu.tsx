import type { Component, JSX } from "solid-js";
import { Dynamic } from "solid-js/web";
import { useServices, useTexts } from "../lib/services.ts";
import { type ThemeChoice, themeChoices } from "../lib/theme_choice.ts";
import { type IconProps, MonitorIcon, MoonIcon, SunIcon, ZapIcon } from "./icons.ts";
import { Menu } from "./Menu.tsx";

const icons: { readonly [C in ThemeChoice]: Component<IconProps> } = {
  system: MonitorIcon,
  light: SunIcon,
  dark: MoonIcon,
  neon: ZapIcon,
};

export function ThemeMenu(): JSX.Element {
  const { theme } = useServices();
  const t = useTexts();
  return (
    <Menu
      label={t("shell.theme")}
      trigger={<Dynamic component={icons[theme.choice()]} />}
      groups={[{
        entries: themeChoices.map((choice) => ({
          label: t(`themes.${choice}`),
          icon: icons[choice],
          checked: theme.choice() === choice,
          run: () => theme.choose(choice),
        })),
      }]}
    />
  );
}
