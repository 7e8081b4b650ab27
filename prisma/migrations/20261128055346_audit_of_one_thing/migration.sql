-- CreateIndex
CREATE INDEX "audit_event_projectId_object_objectKey_id_idx" ON "audit_event"("projectId", "object", "objectKey", "id" DESC);
