-- Harm in the metric's own unit, in place of a fraction of the control's mean: for means near 0.
ALTER TABLE "metric" ADD COLUMN "absoluteMargin" DOUBLE PRECISION;
ALTER TABLE "experiment_metric" ADD COLUMN "absoluteMargin" DOUBLE PRECISION;

-- From now on "Ship" needs guardrails that are shown. Experiments that run keep the rule that they froze; what is added to
-- their plans only says so.
ALTER TABLE "experiment" DISABLE TRIGGER "experiment_plan_frozen";
UPDATE "experiment" SET "plan" = "plan" || '{"guardrails": "proven_harm"}'::jsonb WHERE "plan" IS NOT NULL;
ALTER TABLE "experiment" ENABLE TRIGGER "experiment_plan_frozen";
