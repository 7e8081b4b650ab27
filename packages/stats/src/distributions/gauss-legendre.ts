/** Nodes and weights of the eight-point Gauss-Legendre rule on [-1, 1] (A&S table 25.4). */
const HALF_RULE = [
  [0.1834346424956498, 0.362683783378362],
  [0.525532409916329, 0.3137066458778873],
  [0.7966664774136267, 0.2223810344533745],
  [0.9602898564975363, 0.1012285362903763],
] as const;

export interface Node {
  at: number;
  weight: number;
}

/** Nodes to integrate a function that is smooth over each panel [ends[i], ends[i + 1]]. */
export function panelNodes(ends: readonly number[]): Node[] {
  const nodes: Node[] = [];
  for (let i = 1; i < ends.length; i++) {
    const [low, high] = [ends[i - 1] ?? 0, ends[i] ?? 0];
    const [middle, half] = [(low + high) / 2, (high - low) / 2];
    if (!(half > 0)) continue;
    for (const [node, weight] of HALF_RULE) {
      nodes.push(
        { at: middle - half * node, weight: weight * half },
        { at: middle + half * node, weight: weight * half },
      );
    }
  }
  return nodes;
}
