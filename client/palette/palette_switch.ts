/** Whether the palette is open. */
import { type Accessor, createSignal } from "solid-js";

export const PALETTE_KEYS = "Mod+k";

export interface PaletteSwitch {
  /** It has been opened once. */
  readonly wanted: Accessor<boolean>;
  readonly shown: Accessor<boolean>;
  readonly open: () => void;
  readonly close: () => void;
}

export function createPaletteSwitch(): PaletteSwitch {
  const [wanted, setWanted] = createSignal(false);
  const [shown, setShown] = createSignal(false);
  return {
    wanted,
    shown,
    open: () => {
      setWanted(true);
      setShown(true);
    },
    close: () => void setShown(false),
  };
}
