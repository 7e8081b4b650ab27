-- Runs of the analysis are kept apart by what they are broken down by; people look at the newest of each.
CREATE INDEX "snapshot_experimentId_breakdown_createdAt_idx" ON "snapshot"("experimentId", "breakdown", "createdAt" DESC);

-- A plan is frozen when its experiment starts. The database says so too: rules changed midway make results that nobody
-- can trust.
CREATE FUNCTION "refuse_new_plan"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the plan of experiment % is frozen: start a new experiment', OLD."key";
END
$$;

CREATE TRIGGER "experiment_plan_frozen" BEFORE UPDATE ON "experiment" FOR EACH ROW
  WHEN (OLD."plan" IS NOT NULL AND OLD."plan" IS DISTINCT FROM NEW."plan")
  EXECUTE FUNCTION "refuse_new_plan"();
