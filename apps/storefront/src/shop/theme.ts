export interface ShopTheme {
  /** Colour as #rrggbb, dark enough for white text. */
  accent: string;
  rounded: boolean;
}

export const THEME = { accent: "#0b5c7a", rounded: true };

/** WCAG's contrast of a #rrggbb colour with white, 1 to 21. */
export function contrastWithWhite(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05);
}

/** The flag `theme` as the page can use it: a JSON flag may hold anything, and not every colour can be read. */
export function themeOf(value: unknown): ShopTheme {
  const given = typeof value === "object" && value !== null ? value : {};
  const accent: unknown = Reflect.get(given, "accent");
  const rounded: unknown = Reflect.get(given, "rounded");
  // 4.5 is asked for on white; links stand on the slightly darker ground.
  const usable = typeof accent === "string" && /^#[0-9a-f]{6}$/i.test(accent) && contrastWithWhite(accent) >= 5;
  return { accent: usable ? accent : THEME.accent, rounded: typeof rounded === "boolean" ? rounded : THEME.rounded };
}
