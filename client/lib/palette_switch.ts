/** Whether the palette is open. */
import { type Accessor, createContext, createSignal, useContext } from "solid-js";

export const PALETTE_KEYS = "Mod+k";

export interface PaletteSwitch {
  /** It has been opened once. */
  readonly wanted: Accessor<boolean>;
  readonly shown: Accessor<boolean>;
  readonly open: () => void;
  readonly close: () => void;
}

const PaletteContext = createContext<PaletteSwitch>();
export const PaletteProvider = PaletteContext.Provider;

export function usePalette(): PaletteSwitch {
  const palette = useContext(PaletteContext);
  if (palette === undefined) throw new Error("The palette is used outside its provider");
  return palette;
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
