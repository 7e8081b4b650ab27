import {
  defaultSettings,
  type StatisticalSettings,
  settingsOverrideSchema,
  statisticalSettingsSchema,
} from "@telltale/analysis";
import { isSame, type SettingWords } from "@telltale/configuration";

/** The settings that count: the product's, then what the organisation and the experiment set otherwise, as stored. */
export function resolveSettings(organisation: unknown, experiment: unknown): StatisticalSettings {
  return statisticalSettingsSchema.parse({
    ...defaultSettings,
    ...settingsOverrideSchema.parse(organisation),
    ...settingsOverrideSchema.parse(experiment),
  });
}

const NAMES = {
  method: "method",
  alpha: "error level",
  sides: "sides of the primary metrics' test",
  correct: "correction for several metrics",
  prior: "prior of the lift",
  cupedDays: "days before exposure that adjust results",
  looks: "planned looks",
  power: "power",
  minimumUnits: "least units of an arm",
} as const satisfies Record<keyof StatisticalSettings, string>;

const KEYS = Object.keys(NAMES) as (keyof StatisticalSettings)[];

/** What differs from one to another: the part to store. */
export function differenceOf(from: StatisticalSettings, to: StatisticalSettings): Partial<StatisticalSettings> {
  return Object.fromEntries(KEYS.filter((key) => !isSame(from[key], to[key])).map((key) => [key, to[key]]));
}

/** The change in words; empty when they are the same. */
export function describeSettings(from: StatisticalSettings, to: StatisticalSettings): string {
  return KEYS.filter((key) => key in differenceOf(from, to))
    .map((key) => `${NAMES[key]} ${written(from[key])} → ${written(to[key])}`)
    .join("; ");
}

/** How an experiment's settings are called, with what counts where it sets nothing. */
export function settingWords(organisation: unknown): SettingWords {
  const usual = resolveSettings(organisation, {});
  const readSetting = (setting: string, value: unknown) => {
    const key = KEYS.find((one) => one === setting);
    return key && { name: NAMES[key], value: settingsOverrideSchema.parse({ [key]: value })[key] ?? usual[key] };
  };
  return {
    nameSetting: (setting) => readSetting(setting, undefined)?.name ?? setting,
    describeValue(setting, value) {
      const read = readSetting(setting, value);
      const text = read ? written(read.value) : String(value);
      return value === undefined ? `${text} as the organisation's` : text;
    },
  };
}

function written(value: StatisticalSettings[keyof StatisticalSettings]): string {
  if (typeof value === "boolean") return value ? "on" : "off";
  return typeof value === "object" ? `mean ${value.mean}, sd ${value.sd}` : String(value);
}

/** Why an experiment cannot be read by these settings; empty when it can. */
export function checkPlanned({ method }: StatisticalSettings, plannedUnits: number | null): string[] {
  if (method === "sequence" || plannedUnits !== null) return [];
  const why =
    method === "group" ? "its planned looks are spaced by it" : "its result is read once, when so many have come";
  return [
    `Say how many units it is planned for: ${why}. Or take the method "sequence", which may be read at any time.`,
  ];
}
