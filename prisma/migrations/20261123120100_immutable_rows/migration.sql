-- Revisions, rulesets, snapshots and the audit trail are written once. The database says so too,
-- so that neither a bug nor a person at a prompt rewrites history unnoticed.
CREATE FUNCTION "refuse_update"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are immutable: write a new one', TG_TABLE_NAME;
END
$$;

CREATE TRIGGER "flag_revision_immutable" BEFORE UPDATE ON "flag_revision" FOR EACH ROW EXECUTE FUNCTION "refuse_update"();
CREATE TRIGGER "ruleset_immutable" BEFORE UPDATE ON "ruleset" FOR EACH ROW EXECUTE FUNCTION "refuse_update"();
CREATE TRIGGER "snapshot_immutable" BEFORE UPDATE ON "snapshot" FOR EACH ROW EXECUTE FUNCTION "refuse_update"();
CREATE TRIGGER "audit_event_immutable" BEFORE UPDATE OR DELETE ON "audit_event" FOR EACH ROW EXECUTE FUNCTION "refuse_update"();
