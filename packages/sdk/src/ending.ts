/** Says once that something is over. An `AbortController` would do, but workers forbid making one before a request. */
export interface Ending {
  isOver: boolean;
  /** Calls back at the end; call the answer to be left alone. */
  onEnd(work: () => void): () => void;
  end(): void;
}

export function createEnding(): Ending {
  const works = new Set<() => void>();
  const ending: Ending = {
    isOver: false,
    onEnd(work) {
      works.add(work);
      return () => void works.delete(work);
    },
    end() {
      ending.isOver = true;
      for (const work of works) work();
      works.clear();
    },
  };
  return ending;
}
