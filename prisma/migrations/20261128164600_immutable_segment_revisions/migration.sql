-- Written once, as every revision.
CREATE TRIGGER "segment_revision_immutable" BEFORE UPDATE ON "segment_revision" FOR EACH ROW EXECUTE FUNCTION "refuse_update"();
