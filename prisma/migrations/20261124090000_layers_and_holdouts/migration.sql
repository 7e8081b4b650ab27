-- CreateTable
CREATE TABLE "layer" (
    "id" TEXT NOT NULL,
    "projectId" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "unit" TEXT NOT NULL DEFAULT 'targetingKey',
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "layer_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "holdout" (
    "id" TEXT NOT NULL,
    "projectId" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "unit" TEXT NOT NULL DEFAULT 'targetingKey',
    "parts" INTEGER NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "endedAt" TIMESTAMPTZ(3),

    CONSTRAINT "holdout_pkey" PRIMARY KEY ("id")
);

-- AlterTable
ALTER TABLE "experiment" ADD COLUMN     "layerId" TEXT,
ADD COLUMN     "slotFrom" INTEGER,
ADD COLUMN     "slotTo" INTEGER;

-- CreateIndex
CREATE UNIQUE INDEX "layer_projectId_key_key" ON "layer"("projectId", "key");

-- CreateIndex
CREATE UNIQUE INDEX "holdout_projectId_key_key" ON "holdout"("projectId", "key");

-- AddForeignKey
ALTER TABLE "layer" ADD CONSTRAINT "layer_projectId_fkey" FOREIGN KEY ("projectId") REFERENCES "project"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "holdout" ADD CONSTRAINT "holdout_projectId_fkey" FOREIGN KEY ("projectId") REFERENCES "project"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "experiment" ADD CONSTRAINT "experiment_layerId_fkey" FOREIGN KEY ("layerId") REFERENCES "layer"("id") ON DELETE SET NULL ON UPDATE CASCADE;
