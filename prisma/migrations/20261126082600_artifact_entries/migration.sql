-- Each time that bytes are entered anew has a number; until they are there, the entry counts as lost.
ALTER TABLE "artifacts" ADD COLUMN "entry" BIGSERIAL NOT NULL;
