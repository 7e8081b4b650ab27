import { CircleCheck, CirclePause, Hourglass, Scale, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "../class-names.ts";
import { Disclosure } from "../surface/disclosure.tsx";

const TONES = {
  better: { box: "border-better bg-better-soft", ink: "text-better", Icon: CircleCheck },
  worse: { box: "border-worse bg-worse-soft", ink: "text-worse", Icon: TriangleAlert },
  warn: { box: "border-warn bg-warn-soft", ink: "text-warn", Icon: TriangleAlert },
  neutral: { box: "border-control bg-surface", ink: "text-ink", Icon: CirclePause },
  torn: { box: "border-control bg-surface", ink: "text-ink", Icon: Scale },
  waiting: { box: "border-control bg-surface", ink: "text-ink", Icon: Hourglass },
};

export type VerdictTone = keyof typeof TONES;

export interface VerdictBannerProps {
  tone: VerdictTone;
  /** Two or three words: "Keep running". */
  title: string;
  /** Why, in a sentence. */
  children: ReactNode;
  aside?: ReactNode;
  /** Questions people ask of a verdict, with their answers. */
  questions?: readonly { label: string; answer: ReactNode }[];
}

/** The answer, before the numbers it came from. */
export function VerdictBanner({ tone, title, children, aside, questions = [] }: VerdictBannerProps) {
  const { box, ink, Icon } = TONES[tone];
  return (
    <section aria-label="Verdict" className={cx("flex flex-wrap gap-x-4 gap-y-2 rounded-lg border p-4", box)}>
      <Icon aria-hidden className={cx("mt-1 size-5 shrink-0", ink)} />
      <div className="min-w-0 flex-1 basis-60">
        <p className={cx("font-semibold text-xl", ink)}>{title}</p>
        <p className="mt-0.5 max-w-[72ch]">{children}</p>
        <div className="mt-2 flex flex-wrap gap-x-6 gap-y-1">
          {questions.map(({ label, answer }) => (
            <Disclosure key={label} label={label}>
              {answer}
            </Disclosure>
          ))}
        </div>
      </div>
      {aside}
    </section>
  );
}
