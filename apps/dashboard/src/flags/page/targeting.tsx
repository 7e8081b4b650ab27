"use client";

import { describeWhenOn, listFlagChanges } from "@telltale/configuration";
import { Card, Select } from "@telltale/ui";
import { useState } from "react";
import { PUBLISHES_FLAG, usePlace, useReason } from "../../place/place.tsx";
import type { FlagConfiguration, FlagDetail, FlagEnvironment } from "../../query/outputs.ts";
import { useKept } from "../../unsaved/kept.ts";
import { editDraft, isDirty, loadNewer, rebaseDraft } from "../draft/draft.ts";
import { draftsOf, useDraft } from "../draft/draft-store.ts";
import { configProblems } from "../draft/problems.ts";
import { PrerequisitesCard } from "../rules/prerequisites-card.tsx";
import { ServeEditor } from "../rules/serve-editor.tsx";
import { TargetsCard } from "../rules/targets-card.tsx";
import { EnvSwitch } from "../switch/env-switch.tsx";
import { ConflictNote } from "./conflict-note.tsx";
import { DraftBar } from "./draft-bar.tsx";
import { ReviewDialog } from "./review-dialog.tsx";
import { RuleList } from "./rule-list.tsx";
import { usePublish } from "./use-publish.ts";

interface TargetingProps {
  flag: FlagDetail;
  environment: FlagEnvironment;
}

/** Who gets what in an environment: the published state with one's edits on top. */
export function Targeting({ flag, environment }: TargetingProps) {
  const { project } = usePlace();
  const [draft, setDraft] = useDraft(`${draftsOf(project.address, flag.key)}${environment.key}`, environment);
  const comment = `comment/${project.address}/${flag.key}/${environment.key}`;
  const [, keepComment] = useKept<string>(comment);
  const [tried, setTried] = useState(false);
  const [reviewing, setReviewing] = useState(false);
  const close = () => {
    setDraft(undefined);
    keepComment(undefined);
    setTried(false);
    setReviewing(false);
  };
  const publishing = usePublish({ flag: flag.key, environment: environment.key, onPublished: close });
  const problems = configProblems(draft.config);
  const whenSound = (go: () => void) => () => {
    setTried(true);
    if (problems.length === 0) go();
  };
  // Where people rely on it, what is published has been looked at.
  const reviewsFirst = environment.critical && !reviewing;
  const putEditsOnTop = (comment: string) => {
    const onTop = rebaseDraft(draft);
    setDraft(onTop);
    if (reviewsFirst) setReviewing(true);
    else void publishing.publish(onTop, comment);
  };
  const meeting = {
    flag: flag.key,
    environment: environment.key,
    newer: draft.newer,
    reviewsFirst,
    onLoadNewer: () => setDraft(loadNewer(draft)),
    onPutOnTop: (comment: string) => whenSound(() => putEditsOnTop(comment))(),
  };
  return (
    <div className="grid grid-cols-1 gap-4">
      {reviewing ? null : <ConflictNote {...meeting} comment="" />}
      <TargetingForm
        flag={flag}
        environment={environment}
        config={draft.config}
        tried={tried}
        onChange={(config) => setDraft(editDraft(draft, config))}
      />
      {isDirty(draft) ? (
        <DraftBar
          environment={environment}
          count={listFlagChanges(draft.base.config, draft.config).length}
          problems={tried ? problems : []}
          busy={publishing.busy}
          onDiscard={close}
          onReview={whenSound(() => setReviewing(true))}
          onPublish={whenSound(() => (draft.newer ? setReviewing(true) : void publishing.publish(draft, "")))}
        />
      ) : null}
      <ReviewDialog
        open={reviewing && isDirty(draft)}
        onOpenChange={setReviewing}
        environment={environment}
        address={comment}
        draft={draft}
        conflict={draft.newer ? (comment) => <ConflictNote {...meeting} comment={comment} /> : undefined}
        busy={publishing.busy}
        problem={publishing.problem}
        onPublish={(comment) => void publishing.publish(draft, comment)}
      />
    </div>
  );
}

interface FormProps extends TargetingProps {
  config: FlagConfiguration;
  tried: boolean;
  onChange: (config: FlagConfiguration) => void;
}

function TargetingForm({ flag, environment, config, tried, onChange }: FormProps) {
  const reason = useReason(PUBLISHES_FLAG, environment.key);
  const archived = flag.archivedAt !== null;
  const disabled = reason !== undefined || archived;
  return (
    <>
      <SwitchCard flag={flag} environment={environment} config={config} disabled={disabled} onChange={onChange} />
      <PrerequisitesCard
        flag={flag.key}
        prerequisites={config.prerequisites ?? []}
        disabled={disabled}
        onChange={(prerequisites) => onChange({ ...config, prerequisites })}
      />
      <TargetsCard
        targets={config.targets}
        variants={flag.variants}
        disabled={disabled}
        onChange={(targets) => onChange({ ...config, targets })}
      />
      <RuleList flag={flag} config={config} tried={tried} disabled={disabled} onChange={onChange} />
      <Card title="Everyone else">
        <ServeEditor
          label="Everyone else"
          serve={config.serve}
          variants={flag.variants}
          off={config.off}
          place={{ flag: flag.key, place: "everyone" }}
          disabled={disabled}
          onChange={(serve) => onChange({ ...config, serve })}
        />
      </Card>
    </>
  );
}

/** Key of an experiment that runs on the flag in the environment. */
function runningOn(flag: FlagDetail, environment: FlagEnvironment): string | undefined {
  return flag.experiments.find((each) => each.status === "running" && each.environment === environment.key)?.key;
}

function SwitchCard({
  flag,
  environment,
  config,
  disabled,
  onChange,
}: Omit<FormProps, "tried"> & { disabled: boolean }) {
  return (
    <Card>
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
        <div className="flex items-center gap-2">
          <EnvSwitch
            flag={flag.key}
            environment={environment}
            on={environment.config.on}
            revision={environment.revision}
            whenOn={describeWhenOn(environment.config)}
            whenOff={environment.config.off}
            experiment={runningOn(flag, environment)}
          />
          <span aria-hidden className="text-ink-2">
            in {environment.key}
          </span>
        </div>
        <div className="flex items-center gap-2">
          <span className="text-ink-2">While off, everyone gets</span>
          <div className="w-36">
            <Select
              label="Variant while off"
              hideLabel
              value={config.off}
              disabled={disabled}
              options={flag.variants.map(({ key }) => ({ value: key, label: key }))}
              onChange={(off) => onChange({ ...config, off })}
            />
          </div>
        </div>
      </div>
    </Card>
  );
}
