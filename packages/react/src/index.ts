"use client";

export { useClient, useEvaluation, useFlag, useReady, useStatus, useTelltale, useTrack } from "./hooks.ts";
export { TelltaleProvider, type TelltaleProviderProps } from "./provider.tsx";
