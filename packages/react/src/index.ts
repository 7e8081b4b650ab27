export { useEvaluation, useFlag, useTelltale } from "./hooks.ts";
export { TelltaleProvider, type TelltaleProviderProps } from "./provider.tsx";
