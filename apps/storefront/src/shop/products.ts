export type DrawingName = "jacket" | "rope" | "compass" | "lantern" | "mug" | "flag" | "knife";

export interface Product {
  sku: string;
  name: string;
  words: string;
  /** Euros. */
  price: number;
  drawing: DrawingName;
}

/** The shop window's one big thing. */
export const JACKET: Product = {
  sku: "jacket-1",
  name: "Offshore jacket",
  words: "Three layers, taped seams, a hood that turns with your head. Made for the wet side of the boat.",
  price: 189,
  drawing: "jacket",
};

export const OTHERS: readonly Product[] = [
  { sku: "rope-1", name: "Mooring line, 12 m", words: "Soft in the hand, spliced eye", price: 34, drawing: "rope" },
  { sku: "compass-1", name: "Hand compass", words: "Reads true in a swell", price: 59, drawing: "compass" },
  { sku: "lantern-1", name: "Anchor light", words: "Two miles, forty nights", price: 42, drawing: "lantern" },
  { sku: "mug-1", name: "Enamel mug", words: "Survives the cockpit floor", price: 12, drawing: "mug" },
  { sku: "flag-1", name: "Courtesy flags", words: "Twelve coasts, one bag", price: 27, drawing: "flag" },
  { sku: "knife-1", name: "Rigging knife", words: "Blade, spike and a lanyard", price: 39, drawing: "knife" },
];
